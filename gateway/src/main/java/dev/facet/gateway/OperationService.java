package dev.facet.gateway;

import dev.facet.proto.v1.OperationServiceGrpc;

/** Long jobs, none of which is built yet: every call says so by its name. */
final class OperationService extends OperationServiceGrpc.OperationServiceImplBase {}
