// Lays graphs out with the layered algorithm of ELK, as a reference.
//
// In: [{boxes: [{width, height, partition?}], lines: [{source, start,
// destination, end, label?: {width, height, at: "HEAD" | "TAIL"}}]}] on standard
// input; start and end name ports.
// Out: for each graph the points of each line, and the area it takes.
import ELK from "elkjs";
import { readFileSync } from "node:fs";

const graphs = JSON.parse(readFileSync(0, "utf8"));
const elk = new ELK();

// The room that pictures of ours keep, so that lengths can be compared.
const layout = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.partitioning.activate": "true",
  "elk.separateConnectedComponents": "false",
  "elk.spacing.nodeNode": "26",
  "elk.layered.spacing.nodeNodeBetweenLayers": "40",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "9",
  "elk.layered.spacing.edgeNodeBetweenLayers": "18",
  "elk.spacing.edgeEdge": "9",
  "elk.spacing.edgeNode": "13",
};

function asElk({ boxes, lines }) {
  return {
    id: "root",
    layoutOptions: layout,
    children: boxes.map((box, index) => ({
      id: `n${index}`,
      width: box.width,
      height: box.height,
      layoutOptions: {
        "elk.portConstraints": "FIXED_SIDE",
        ...(box.partition === undefined ? {} : { "elk.partitioning.partition": `${box.partition}` }),
      },
      ports: [
        ...ports(lines.filter((line) => line.source === index).map((line) => line.start), "EAST"),
        ...ports(lines.filter((line) => line.destination === index).map((line) => line.end), "WEST"),
      ],
    })),
    edges: lines.map((line, at) => ({
      id: `e${at}`,
      sources: [line.start],
      targets: [line.end],
      labels: line.label
        ? [
            {
              text: "x",
              width: line.label.width,
              height: line.label.height,
              layoutOptions: { "elk.edgeLabels.placement": line.label.at },
            },
          ]
        : [],
    })),
  };
}

// Lines that share a port run together, in our pictures as in theirs.
function ports(ids, side) {
  return [...new Set(ids)].map((id) => ({ id, layoutOptions: { "elk.port.side": side } }));
}

const answers = [];
for (const graph of graphs) {
  const laidOut = await elk.layout(asElk(graph));
  answers.push({
    width: laidOut.width,
    height: laidOut.height,
    lines: laidOut.edges.map((edge) =>
      edge.sections.flatMap((section) =>
        [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map((p) => [p.x, p.y]),
      ),
    ),
  });
}
process.stdout.write(JSON.stringify(answers));
