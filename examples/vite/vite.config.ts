// Vite's development server with a register beside the page: npm run example -- vite
import { defineConfig } from "vite";
import { zaptools } from "zaptools/vite";

export default defineConfig({ plugins: [zaptools("/register.ts", { path: "/ws" })] });
