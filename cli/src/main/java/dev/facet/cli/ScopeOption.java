package dev.facet.cli;

import dev.facet.proto.v1.Scope;

/** What a key may do, as it is typed. */
enum ScopeOption {
  detect(Scope.SCOPE_DETECT),
  embed(Scope.SCOPE_EMBED),
  search(Scope.SCOPE_SEARCH),
  verify(Scope.SCOPE_VERIFY),
  enroll(Scope.SCOPE_ENROLL),
  delete(Scope.SCOPE_DELETE),
  admin(Scope.SCOPE_ADMIN);

  private final Scope message;

  ScopeOption(Scope message) {
    this.message = message;
  }

  Scope message() {
    return message;
  }
}
