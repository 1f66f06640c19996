namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>A play: lines in order. A line that begins with <c>#</c> is a remark; indented lines belong to the line above.</summary>
public sealed record Transcript(string Name, IReadOnlyList<TranscriptLine> Lines)
{
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    /// <summary>Areas of which alone the transcripts are played, as the environment says, with spaces between them; empty: all.</summary>
    private static string[] Areas { get; } = (Environment.GetEnvironmentVariable("TRANSCRIPTS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every transcript there is, as <c>Area/sentence-name</c>.</summary>
    public static IEnumerable<string> All => System.IO.Directory
        .EnumerateFiles(Directory, "*.xmpp", SearchOption.AllDirectories)
        .Select(path => Path.ChangeExtension(Path.GetRelativePath(Directory, path), null))
        .Where(name => Areas.Length == 0 || Areas.Contains(name.Split('/')[0]))
        .Order(StringComparer.Ordinal);

    public static Transcript Read(string name) => Parse(name, File.ReadLines(Path.Combine(Directory, $"{name}.xmpp")));

    public static Transcript Parse(string name, IEnumerable<string> text)
    {
        var lines = new List<TranscriptLine>();
        var number = 0;
        foreach (var line in text)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line[0] == '#')
            {
                continue;
            }

            if (!char.IsWhiteSpace(line[0]))
            {
                lines.Add(new TranscriptLine(number, line.TrimEnd(), ""));
            }
            else
            {
                var block = lines[^1].Block;
                lines[^1] = lines[^1] with { Block = block.Length == 0 ? line.Trim() : $"{block}\n{line.Trim()}" };
            }
        }

        return new Transcript(name, lines);
    }
}

/// <summary>What somebody does or sees.</summary>
/// <param name="Number">In the file, from 1.</param>
/// <param name="Block">The indented lines below it, without their indentation.</param>
public sealed record TranscriptLine(int Number, string Text, string Block);
