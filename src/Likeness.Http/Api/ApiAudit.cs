using Likeness.Stores;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary>Keeps in the audit log what programs changed.</summary>
internal sealed class ApiAudit(IAuditStore log, TimeProvider time)
{
    /// <summary>Durable when it completes, whether or not the caller still waits.</summary>
    public ValueTask Write(HttpContext context, string action, Identity about, string? detail = null) =>
        log.Write(new AuditEntry(time.GetUtcNow(), By(context), action, about.Value, null, detail), CancellationToken.None);

    /// <summary>The caller as the reason of a change.</summary>
    public static Cause Cause(HttpContext context) => new(Origin.Api, By(context));

    private static string By(HttpContext context) => $"token {ApiCaller.Of(context).Token.Name}";
}
