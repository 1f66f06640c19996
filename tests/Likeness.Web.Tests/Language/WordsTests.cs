using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Likeness.Web.Language;

namespace Likeness.Web.Tests.Language;

[Trait("Requirement", "P-96")]
public sealed partial class WordsTests
{
    private static readonly string Source = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "src", "Likeness.Web"));

    [Fact]
    public void Every_language_says_everything_and_nothing_else()
    {
        var english = Words.Languages.Single(words => words.Language == "en");
        Words.Languages.Select(words => words.Language).Order(StringComparer.Ordinal).ShouldBe(["de", "en"]);
        foreach (var words in Words.Languages)
        {
            words.Keys.Order(StringComparer.Ordinal).ShouldBe(english.Keys.Order(StringComparer.Ordinal), words.Language);
            foreach (var key in words.Keys)
            {
                Places(words[key]).ShouldBe(Places(english[key]), $"{words.Language}: {key}");
                words[key].ShouldNotBeNullOrWhiteSpace(key);
            }
        }
    }

    [Fact]
    public void Pages_say_only_what_is_there_and_what_is_there_is_said()
    {
        var english = Words.Languages.Single(words => words.Language == "en");
        var sources = Directory.GetFiles(Source, "*.cs*", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/") && !file.Contains("/bin/")).Select(File.ReadAllText).ToArray();
        var quoted = sources.SelectMany(text => Quoted().Matches(text)).Select(match => match.Groups["key"].Value).ToHashSet(StringComparer.Ordinal);
        var begun = sources.SelectMany(text => Begun().Matches(text)).Select(match => match.Groups["key"].Value).ToArray();

        english.Keys.Where(key => !quoted.Contains(key) && !begun.Any(part => key.StartsWith(part, StringComparison.Ordinal))).ShouldBeEmpty("nobody says these");
        sources.SelectMany(text => Asked().Matches(text)).Select(match => match.Groups["key"].Value).Distinct(StringComparer.Ordinal)
            .Where(key => !key.EndsWith('.') && !english.Keys.Contains(key)).ShouldBeEmpty("nobody translated these");
    }

    [Theory]
    [InlineData("en", "3 Apr 2026, 13:04 UTC")]
    [InlineData("de", "03.04.2026, 13:04 UTC")]
    public void A_time_is_read_in_one_way(string language, string text) => Words.In(language).Time(new DateTimeOffset(2026, 4, 3, 15, 4, 5, TimeSpan.FromHours(2))).ShouldBe(text);

    [Fact]
    public void Pages_have_no_texts_of_their_own()
    {
        foreach (var file in Directory.GetFiles(Source, "*.cshtml", SearchOption.AllDirectories))
        {
            var text = Code().Replace(File.ReadAllText(file), "");
            Texts().Matches(text).Select(match => match.Groups["text"].Value.Trim()).Where(found => found.Any(char.IsLetter) && found is not ("px" or "HTML")).ShouldBeEmpty(file);
        }
    }

    private static string[] Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex("\"(?<key>[a-z]+(?:\\.[a-z0-9]+)+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex("\"(?<key>[a-z]+\\.(?:[a-z]+\\.)*)\" ?\\+", RegexOptions.ExplicitCapture)]
    private static partial Regex Begun();

    [GeneratedRegex("(?:\\bt|T|words)(?:\\.Html\\(|\\[)\"(?<key>[a-z0-9.]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Asked();

    // Directives, blocks of code, expressions and examples.
    [GeneratedRegex(@"^@(page|model|using|namespace|inject|addTagHelper).*$|^@\{[\s\S]*?^\}|@\{.*\}|<code>.*</code>|@await .*|@(if|foreach|else)\b.*|^\s*else.*$|@[A-Za-z.]+(\[[^\]]*\]|\((?:[^()]|\([^()]*\))*\))*|@\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|""[^""]*""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    [GeneratedRegex(@">(?<text>[^<>{}@]+)<", RegexOptions.ExplicitCapture)]
    private static partial Regex Texts();
}
