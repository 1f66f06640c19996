namespace Likeness.Server.Administration;

/// <summary>How the running server is.</summary>
public sealed record ShowStatus : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var findings = context.Health is { } health
            ? await health.Read(cancellationToken)
            : throw new OperationRefusedException("No server runs on this data directory.");
        var lines = findings.Select(finding => $"{(finding.Works ? "ok  " : "FAIL")}  {finding.Name}: {finding.Text}").ToList();
        return findings.All(finding => finding.Works)
            ? new Answer { Lines = lines }
            : throw new OperationRefusedException(string.Join("; ", findings.Where(finding => !finding.Works).Select(finding => $"{finding.Name}: {finding.Text}")));
    }
}
