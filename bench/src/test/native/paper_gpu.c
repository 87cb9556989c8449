/*
 * CUDA's runtime on a GPU of paper: memory is the processor's, kernels do nothing. ONNX Runtime opens
 * sessions on it and decides where their nodes go as it would on a real one; nothing can be computed.
 * What is not here is generated beside it and does nothing, successfully.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Where struct cudaDeviceProp of CUDA 12 has them. */
enum { TOTAL_MEMORY = 288, SHARED_MEMORY = 296, WARP = 308, THREADS = 320, MAJOR = 360, MINOR = 364, PROCESSORS = 388 };

static int made(void **out, size_t bytes) {
  *out = malloc(bytes == 0 ? 1 : bytes);
  return *out == NULL ? 2 : 0;
}

int cudaGetDeviceCount(int *count) { *count = 1; return 0; }
int cudaGetDevice(int *device) { *device = 0; return 0; }
int cudaDriverGetVersion(int *version) { *version = 12080; return 0; }
int cudaRuntimeGetVersion(int *version) { *version = 12080; return 0; }
int cudaDeviceGetAttribute(int *value, int attribute, int device) {
  *value = attribute == 75 ? 9 : attribute == 76 ? 0 : 1024; /* the version of its instructions */
  return 0;
}

int cudaGetDeviceProperties_v2(char *properties, int device) {
  memset(properties, 0, PROCESSORS + sizeof(int));
  strcpy(properties, "paper");
  *(size_t *)(properties + TOTAL_MEMORY) = (size_t)64 << 30;
  *(size_t *)(properties + SHARED_MEMORY) = 49152;
  *(int *)(properties + WARP) = 32;
  *(int *)(properties + THREADS) = 1024;
  *(int *)(properties + MAJOR) = 9;
  *(int *)(properties + MINOR) = 0;
  *(int *)(properties + PROCESSORS) = 132;
  return 0;
}

int cudaMemGetInfo(size_t *free, size_t *total) { *free = (size_t)60 << 30; *total = (size_t)64 << 30; return 0; }
int cudaMalloc(void **memory, size_t bytes) {
  *memory = aligned_alloc(256, (bytes + 255) / 256 * 256);
  return *memory == NULL ? 2 : 0;
}
int cudaFree(void *memory) { free(memory); return 0; }
int cudaMallocHost(void **memory, size_t bytes) { return made(memory, bytes); }
int cudaHostAlloc(void **memory, size_t bytes, unsigned flags) { return made(memory, bytes); }
int cudaFreeHost(void *memory) { free(memory); return 0; }
int cudaMemcpy(void *to, const void *from, size_t bytes, int kind) { memmove(to, from, bytes); return 0; }
int cudaMemcpyAsync(void *to, const void *from, size_t bytes, int kind, void *stream) { memmove(to, from, bytes); return 0; }
int cudaMemset(void *memory, int value, size_t bytes) { memset(memory, value, bytes); return 0; }
int cudaMemsetAsync(void *memory, int value, size_t bytes, void *stream) { memset(memory, value, bytes); return 0; }
int cudaStreamCreate(void **stream) { return made(stream, 64); }
int cudaStreamCreateWithFlags(void **stream, unsigned flags) { return made(stream, 64); }
int cudaStreamDestroy(void *stream) { free(stream); return 0; }
int cudaStreamIsCapturing(void *stream, int *capturing) { *capturing = 0; return 0; }
int cudaEventCreate(void **event) { return made(event, 64); }
int cudaEventCreateWithFlags(void **event, unsigned flags) { return made(event, 64); }
int cudaEventDestroy(void *event) { free(event); return 0; }
int cudaLaunchHostFunc(void *stream, void (*function)(void *), void *argument) { function(argument); return 0; }
const char *cudaGetErrorName(int error) { return "none"; }
const char *cudaGetErrorString(int error) { return "none"; }
void **__cudaRegisterFatBinary(void *binary) { return calloc(1, sizeof(void *)); }
void __cudaUnregisterFatBinary(void **handle) { free(handle); }
