using Likeness.Accounts;
using Likeness.Web.Visits;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/health</c>: whether everything works, by the same looks as <c>/health</c>.</summary>
[Needs(Right.Server)]
internal sealed class HealthModel(IServerHealth health) : SitePage
{
    public IReadOnlyList<ServerFinding> Findings { get; private set; } = [];

    public async Task OnGet() => Findings = await health.Look(HttpContext.RequestAborted);

    public string StateOf(ServerFinding finding) => T[!finding.Works ? "health.fails" : finding.IsDegraded ? "health.degraded" : "health.works"];
}
