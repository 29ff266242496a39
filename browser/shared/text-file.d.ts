// Text files that the bundler puts into the scripts.
declare module '*.txt' {
  const text: string;
  export default text;
}
