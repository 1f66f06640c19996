namespace Likeness.Architecture.Tests.Conformance;

/// <summary>A row of the contract.</summary>
/// <param name="Excuse">Why no test has it; null: some test must.</param>
internal sealed record Requirement(string Chapter, string Id, string Summary, string? Excuse)
{
    /// <summary>The rows of a list: chapters behind <c>#</c>, then id, summary and perhaps the excuse, separated by tabs.</summary>
    public static IReadOnlyList<Requirement> Read(string list)
    {
        var requirements = new List<Requirement>();
        var chapter = "";
        foreach (var line in File.ReadLines(list).Where(line => line.Length > 0))
        {
            if (line.StartsWith('#'))
            {
                chapter = line[1..].Trim();
                continue;
            }

            var parts = line.Split('\t');
            requirements.Add(new Requirement(chapter, parts[0], parts[1], parts.ElementAtOrDefault(2)));
        }

        return requirements;
    }
}
