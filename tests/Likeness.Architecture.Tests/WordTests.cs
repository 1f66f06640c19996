namespace Likeness.Architecture.Tests;

public sealed class WordTests
{
    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", nameof(NotImplementedException)];

    private static readonly string[] VagueEndings = ["Manager.cs", "Helper.cs", "Helpers.cs", "Util.cs", "Utils.cs", "Utilities.cs"];

    [Fact]
    public void Nothing_in_the_sources_is_marked_unfinished()
    {
        var marked =
            from path in Repository.Files("src", "*.cs")
            from line in File.ReadLines(path)
            from word in Unfinished
            where line.Contains(word, StringComparison.Ordinal)
            select $"{Repository.Relative(path)}: {line.Trim()}";

        marked.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_is_named_after_its_concept() =>
        Repository.Files("src", "*.cs").Where(path => VagueEndings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void No_test_is_skipped()
    {
        var marker = "Ski" + "p =";
        Repository.Files("tests", "*.cs").Where(path => File.ReadLines(path).Any(line => line.Contains(marker, StringComparison.Ordinal))).ShouldBeEmpty();
    }
}
