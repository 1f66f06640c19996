using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests;

/// <summary>What the stores promise is tried on both databases.</summary>
public sealed partial class StoreContractTests
{
    private static readonly string Tests = string.Concat(Repository.Files("tests/Likeness.Storage.Tests", "*.cs").Select(File.ReadAllText));

    [Fact]
    public void Every_member_of_a_store_is_called_by_a_contract()
    {
        var members = Repository.Files("src/Likeness/Stores", "I*.cs").Select(File.ReadAllText).SelectMany(text => Store().Matches(text)).SelectMany(Calls).ToList();

        members.Count.ShouldBeGreaterThan(150);
        members.Where(member => !Regex.IsMatch(Tests, $@"\b{Regex.Escape(member)}\b", RegexOptions.ExplicitCapture)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_write_that_an_act_may_have_is_written_by_a_contract()
    {
        var writes = Write().Matches(Text("StoreWrite.cs")).Select(match => $"StoreWrite.{match.Groups["name"].Value}").ToList();

        writes.Count.ShouldBeGreaterThan(10);
        writes.Where(write => !Regex.IsMatch(Tests, $@"\b{Regex.Escape(write)}\b", RegexOptions.ExplicitCapture)).ShouldBeEmpty();
    }

    // As a test writes it: Stores.Accounts.Find.
    private static IEnumerable<string> Calls(Match store)
    {
        var property = Regex.Match(Text("IStores.cs"), $@"\b{store.Groups["name"].Value} (?<property>\w+) \{{ get; \}}", RegexOptions.ExplicitCapture).Groups["property"].Value;
        return Member().Matches(store.Groups["body"].Value).Select(member => property.Length == 0 ? $"Stores.{member.Groups["name"].Value}" : $"{property}.{member.Groups["name"].Value}");
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, "src/Likeness/Stores", file));

    [GeneratedRegex(@"public interface (?<name>\w+)[^{]*\{(?<body>.*?)^\}", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Store();

    [GeneratedRegex(@"^    [^\s/][^(=]*? (?<name>\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Member();

    [GeneratedRegex(@"^    public sealed record (?<name>\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Write();
}
