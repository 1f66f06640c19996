using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Health;

/// <summary><c>/health</c>: 200 while everything works, 503 otherwise; lines for people, JSON for programs that accept it.</summary>
public static class HealthRoute
{
    /// <summary>Needs one <see cref="HealthCheck"/> or more beside it.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddSingleton<HealthReport>();

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var report = endpoints.ServiceProvider.GetRequiredService<HealthReport>();
        endpoints.MapMethods("/health", ["GET", "HEAD"], (RequestDelegate)(context => Serve(context, report))).WithDisplayName("health");
    }

    private static async Task Serve(HttpContext context, HealthReport report)
    {
        var findings = await report.Read(context.RequestAborted);
        var works = findings.All(finding => finding.Works);
        var response = context.Response;
        response.StatusCode = works ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase))
        {
            await response.WriteAsJsonAsync(new HealthDocument(works, findings), HealthJson.Default.HealthDocument, "application/json", context.RequestAborted);
            return;
        }

        response.ContentType = "text/plain; charset=utf-8";
        var lines = new StringBuilder().Append(!works ? "does not work\n" : findings.Any(finding => finding.IsDegraded) ? "degraded\n" : "works\n");
        foreach (var finding in findings)
        {
            lines.Append(!finding.Works ? "  FAIL  " : finding.IsDegraded ? "  wait  " : "  ok    ").Append(finding.Name).Append(": ").Append(finding.Text).Append('\n');
        }

        await response.WriteAsync(lines.ToString(), context.RequestAborted);
    }
}

/// <summary>The report as JSON.</summary>
internal sealed record HealthDocument(bool Works, IReadOnlyList<HealthFinding> Checks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthDocument))]
internal sealed partial class HealthJson : JsonSerializerContext;
