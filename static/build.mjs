// Builds static/build/{css,js,fonts,img} from static/{scss,js,img} and the bundled packages.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as sass from "sass";

const source = dirname(fileURLToPath(import.meta.url));
const packages = join(source, "..", "node_modules");
const target = join(source, "build");

rmSync(target, { recursive: true, force: true });
for (const folder of ["css", "js", "fonts", "img"]) mkdirSync(join(target, folder), { recursive: true });

for (const sheet of readdirSync(join(source, "scss")).filter((name) => /^[a-z].*\.scss$/.test(name))) {
  const result = sass.compile(join(source, "scss", sheet), {
    loadPaths: [packages],
    style: "compressed",
    quietDeps: true,
  });
  writeFileSync(join(target, "css", sheet.replace(".scss", ".css")), result.css);
}

await build({
  entryPoints: [join(source, "js", "main.js")],
  outdir: join(target, "js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "none",
  logLevel: "warning",
});

const fonts = join(packages, "@fontsource-variable", "inter", "files");
for (const subset of ["latin", "latin-ext"]) {
  cpSync(join(fonts, `inter-${subset}-wght-normal.woff2`), join(target, "fonts", `inter-${subset}.woff2`));
}
cpSync(join(source, "img"), join(target, "img"), { recursive: true });
cpSync(
  join(packages, "nhsuk-frontend", "dist", "nhsuk", "assets", "images", "nhsuk-icon-cross.svg"),
  join(target, "img", "nhsuk-icon-cross.svg"),
);
