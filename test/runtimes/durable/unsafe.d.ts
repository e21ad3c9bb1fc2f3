// The module with which workerd's own tests have objects sleep at once.
declare module "workerd:unsafe" {
  const unsafe: { evictAllDurableObjects(): Promise<void> };
  export default unsafe;
}
