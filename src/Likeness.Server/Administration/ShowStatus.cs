namespace Likeness.Server.Administration;

/// <summary>How the running server is.</summary>
public sealed record ShowStatus : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        var findings = workplace.Health is { } health
            ? await health.Read(cancellation)
            : throw new OperationRefusedException("No server runs on this data directory.");
        var lines = findings.Select(finding => $"{(finding.Works ? "ok  " : "FAIL")}  {finding.Name}: {finding.Text}").ToList();
        return findings.All(finding => finding.Works)
            ? new Answer { Lines = lines }
            : throw new OperationRefusedException(string.Join("; ", findings.Where(finding => !finding.Works).Select(finding => $"{finding.Name}: {finding.Text}")));
    }
}
