namespace Likeness.Server.Administration;

/// <summary>How the running server is.</summary>
/// <param name="ForPrograms">What does not work is in the answer's rows, instead of a refusal.</param>
public sealed record ShowStatus(bool ForPrograms = false) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var findings = context.Health is { } health
            ? await health.Read(cancellationToken)
            : throw new OperationRefusedException("No server runs on this data directory.");
        var lines = findings.Select(finding => $"{(!finding.Works ? "FAIL" : finding.IsDegraded ? "wait" : "ok  ")}  {finding.Name}: {finding.Text}").ToList();
        if (ForPrograms)
        {
            return new Answer
            {
                Rows = [.. findings.Select(finding => new Dictionary<string, string> { ["name"] = finding.Name, ["works"] = finding.Works ? "yes" : "no", ["text"] = finding.Text })],
                Count = findings.Count(finding => !finding.Works),
            };
        }

        return findings.All(finding => finding.Works)
            ? new Answer { Lines = lines }
            : throw new OperationRefusedException(string.Join("; ", findings.Where(finding => !finding.Works).Select(finding => $"{finding.Name}: {finding.Text}")));
    }
}
