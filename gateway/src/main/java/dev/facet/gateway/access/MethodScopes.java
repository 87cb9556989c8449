package dev.facet.gateway.access;

import static dev.facet.gateway.ledger.Scope.ADMIN;
import static dev.facet.gateway.ledger.Scope.DELETE;
import static dev.facet.gateway.ledger.Scope.DETECT;
import static dev.facet.gateway.ledger.Scope.EMBED;
import static dev.facet.gateway.ledger.Scope.ENROLL;
import static dev.facet.gateway.ledger.Scope.SEARCH;
import static dev.facet.gateway.ledger.Scope.VERIFY;

import dev.facet.gateway.ledger.Scope;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What each method of the contract needs: one of these scopes. A method without a row needs all.
 */
final class MethodScopes {
  private static final Map<String, Set<Scope>> ROWS = new HashMap<>();

  /** Methods that keep detector, embedder or gallery at work, and so take turns. */
  private static final Set<String> HEAVY =
      Set.of(
          "facet.v1.FaceService/Detect",
          "facet.v1.FaceService/Embed",
          "facet.v1.FaceService/Enroll",
          "facet.v1.FaceService/EnrollStream",
          "facet.v1.FaceService/Search",
          "facet.v1.FaceService/Identify",
          "facet.v1.FaceService/Verify");

  static {
    faces("Detect", DETECT);
    faces("Embed", EMBED);
    faces("Enroll", ENROLL);
    faces("EnrollStream", ENROLL);
    faces("Search", SEARCH);
    faces("Identify", SEARCH);
    faces("Verify", VERIFY);
    faces("GetFace", SEARCH);
    faces("ListFaces", SEARCH);
    faces("GetFaceImage", SEARCH);
    faces("UpdateFace", ENROLL);
    faces("DeleteFace", DELETE);
    faces("GetSubject", SEARCH);
    faces("ListSubjects", SEARCH);
    faces("UpdateSubject", ENROLL);
    faces("MergeSubjects", ENROLL);
    faces("DeleteSubject", DELETE);
    faces("EraseSubject", DELETE);

    collections("CreateCollection", ENROLL);
    collections("GetCollection", SEARCH, VERIFY, ENROLL, DELETE, ADMIN);
    collections("ListCollections", SEARCH, VERIFY, ENROLL, DELETE, ADMIN);
    collections("UpdateCollection", ENROLL);
    collections("DropCollection", DELETE);
    collections("GetCollectionStatistics", SEARCH, VERIFY, ENROLL, DELETE, ADMIN);
    collections("ClusterCollection", ADMIN);
    collections("ReembedCollection", ADMIN);
    collections("RebuildGallery", ADMIN);
    collections("ConfirmRebuild", ADMIN);
    collections("CheckCollection", ADMIN);
    collections("MeasureRecall", ADMIN);
    collections("ExportCollection", ADMIN);
    collections("ImportCollection", ADMIN);

    row("OperationService/GetOperation", ADMIN);
    row("OperationService/ListOperations", ADMIN);
    row("OperationService/WatchOperation", ADMIN);
    row("OperationService/CancelOperation", ADMIN);

    row("AdminService/CreateTenant", ADMIN);
    row("AdminService/ListTenants", ADMIN);
    row("AdminService/DeleteTenant", ADMIN);
    row("AdminService/CreateApiKey", ADMIN);
    row("AdminService/ListApiKeys", ADMIN);
    row("AdminService/RotateApiKey", ADMIN);
    row("AdminService/RevokeApiKey", ADMIN);
    row("AdminService/ListAuditRecords", ADMIN);
    row("AdminService/MoveGallery", ADMIN);
    row("AdminService/GetModelStatus", ADMIN);
  }

  private MethodScopes() {}

  /** The rows, by full method name. */
  static Map<String, Set<Scope>> rows() {
    return Map.copyOf(ROWS);
  }

  /** Whether a caller with these scopes may call the method. */
  static boolean allow(String method, Set<Scope> scopes) {
    Set<Scope> any = ROWS.get(method);
    return any == null
        ? scopes.containsAll(EnumSet.allOf(Scope.class))
        : any.stream().anyMatch(scopes::contains);
  }

  static boolean isHeavy(String method) {
    return HEAVY.contains(method);
  }

  private static void faces(String method, Scope scope) {
    row("FaceService/" + method, scope);
  }

  private static void collections(String method, Scope... any) {
    row("CollectionService/" + method, any);
  }

  private static void row(String method, Scope... any) {
    ROWS.put("facet.v1." + method, EnumSet.copyOf(Arrays.asList(any)));
  }
}
