/** A graph with the nodes and names of MobileNet V1 for 224 × 224 pixels, its weights random but the same each time. */
import type {io} from '@tensorflow/tfjs';

/** Channels and stride of each block: a convolution of each channel by itself, then one of each pixel. */
const BLOCKS = [
  ...[
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
  ],
  ...[
    [512, 1],
    [512, 1],
    [512, 1],
    [512, 1],
    [512, 1],
    [1024, 2],
    [1024, 1],
  ],
] as const;
const CLASSES = 1001;
const LOGITS = 'module_apply_default/MobilenetV1/Logits';

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: object;
}

class GraphWriter {
  readonly nodes: Node[] = [];
  readonly specs: io.WeightsManifestEntry[] = [];
  private readonly values: number[] = [];
  private state = 1;

  add(name: string, op: string, input: readonly string[], attr: object = {}): string {
    this.nodes.push({name, op, input, attr: {T: {type: 'DT_FLOAT'}, ...attr}});
    return name;
  }

  /** Of a variance that leaves the size of activations as it is. */
  weights(name: string, shape: number[], inputs: number): string {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const reach = Math.sqrt(6 / inputs);
    for (let i = 0; i < size; i++) this.values.push(reach * (2 * this.random() - 1));
    return this.constant(name, shape, 'DT_FLOAT', 'float32');
  }

  shape(name: string, values: readonly number[]): string {
    // Both kinds take four bytes, so that these fit among the weights.
    const bits = new Float32Array(Int32Array.from(values).buffer);
    this.values.push(...bits);
    return this.constant(name, [values.length], 'DT_INT32', 'int32');
  }

  artifacts(): io.ModelArtifacts {
    return {
      modelTopology: {node: this.nodes, library: {}, versions: {}},
      weightSpecs: this.specs,
      weightData: Float32Array.from(this.values).buffer,
      format: 'graph-model',
    };
  }

  private constant(name: string, shape: number[], type: string, dtype: 'float32' | 'int32'): string {
    this.specs.push({name, shape, dtype});
    this.nodes.push({name, op: 'Const', attr: {dtype: {type}}});
    return name;
  }

  private random(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state / 2 ** 32;
  }
}

/** What `modelUrl` takes. */
export function randomMobileNet(): io.IOHandler {
  const graph = new GraphWriter();
  const dim = [-1, 224, 224, 3].map((size) => ({size: `${size}`}));
  graph.nodes.push({
    name: 'images',
    op: 'Placeholder',
    attr: {dtype: {type: 'DT_FLOAT'}, shape: {shape: {dim}}},
  });
  let [x, channels] = [convolution(graph, 'first', 'images', [3, 3, 3, 32], 2), 32];
  BLOCKS.forEach(([filters, stride], at) => {
    x = convolution(graph, `depthwise_${at}`, x, [3, 3, channels, 1], stride);
    x = convolution(graph, `pointwise_${at}`, x, [1, 1, channels, filters], 1);
    channels = filters;
  });
  const pool = graph.add(`${LOGITS}/global_pool`, 'AvgPool', [x], {
    ...window(1, 'VALID'),
    ksize: list([1, 7, 7, 1]),
  });
  const last = graph.weights('last', [1, 1, channels, CLASSES], channels);
  const logits = graph.add(`${LOGITS}/last`, 'Conv2D', [pool, last], window(1, 'SAME'));
  graph.add('classes', 'Reshape', [logits, graph.shape('shape', [-1, CLASSES])]);
  const artifacts = graph.artifacts();
  return {load: async () => artifacts};
}

function convolution(graph: GraphWriter, name: string, x: string, shape: number[], stride: number): string {
  const [height, width, inputs, outputs] = shape;
  const isDepthwise = outputs === 1;
  const weights = graph.weights(`${name}/weights`, shape, height * width * (isDepthwise ? 1 : inputs));
  const op = isDepthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
  const sums = graph.add(name, op, [x, weights], window(stride, 'SAME'));
  return graph.add(`${name}/relu`, 'Relu6', [sums]);
}

const list = (i: readonly number[]) => ({list: {i: i.map(String)}});

const window = (stride: number, padding: string) => ({
  strides: list([1, stride, stride, 1]),
  dilations: list([1, 1, 1, 1]),
  padding: {s: btoa(padding)},
  data_format: {s: btoa('NHWC')},
});
