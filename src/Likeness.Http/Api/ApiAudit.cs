using Likeness.Stores;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary>Keeps in the audit log what programs changed.</summary>
internal sealed class ApiAudit(IAuditStore log, TimeProvider time)
{
    /// <summary>Durable when it completes, whether or not the caller still waits.</summary>
    public ValueTask Write(HttpContext context, string action, Identity about, string? detail = null) =>
        log.Write(new AuditEntry(time.GetUtcNow(), $"token {ApiCaller.Of(context).Token.Name}", action, about.Value, null, detail), CancellationToken.None);
}
