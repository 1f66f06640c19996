using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Language;

/// <summary>The texts of one language. A language is a file beside this one; English is whole, and what another lacks is English.</summary>
internal sealed class Words
{
    private const string Resources = "language/";

    private static readonly FrozenDictionary<string, Words> All = Read();

    // Made-up languages by which tests look at what no language here has.
    private static volatile FrozenDictionary<string, Words> _madeUp = FrozenDictionary<string, Words>.Empty;

    private readonly FrozenDictionary<string, string> _texts;

    private Words(string language, FrozenDictionary<string, string> texts) => (Language, Culture, _texts) = (language, CultureInfo.GetCultureInfo(language), texts);

    /// <summary>As in <c>lang</c>, such as <c>de</c>.</summary>
    public string Language { get; }

    public CultureInfo Culture { get; }

    /// <summary>As in <c>dir</c>.</summary>
    public string Direction => Culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    public IEnumerable<string> Keys => _texts.Keys;

    public static IReadOnlyCollection<Words> Languages => All.Values;

    private static Words English => All["en"];

    /// <summary>A text with its places filled in. Throws for a key that no language has.</summary>
    public string this[string key, params object?[] values]
    {
        get
        {
            var text = _texts.GetValueOrDefault(key) ?? English._texts.GetValueOrDefault(key) ?? throw new ArgumentException($"No language has '{key}'.", nameof(key));
            return values.Length == 0 ? text : string.Format(Culture, text, values);
        }
    }

    /// <summary>A text with marks in it; what is filled in has none.</summary>
    public IHtmlContent Html(string key, params object?[] values) =>
        new HtmlString(this[key, [.. values.Select(value => value is IHtmlContent ? value : WebUtility.HtmlEncode(Convert.ToString(value, Culture)))]]);

    /// <summary>Where months are written first in figures, as letters: nobody reads the third of April as the fourth of March.</summary>
    public string Time(DateTimeOffset time) =>
        string.Format(Culture, Culture.DateTimeFormat.ShortDatePattern.StartsWith('M') ? "{0:d MMM yyyy, HH:mm} UTC" : "{0:d}, {0:HH:mm} UTC", time.UtcDateTime);

    /// <summary>This language, or English where there is none.</summary>
    public static Words In(string language) => All.GetValueOrDefault(language) ?? English;

    /// <summary>The language that the browser wants most of those there are.</summary>
    public static Words Of(HttpContext context)
    {
        if (context.Features.Get<Words>() is { } known)
        {
            return known;
        }

        var wanted = context.Request.GetTypedHeaders().AcceptLanguage
            .Where(language => language.Quality is not 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant())
            .Select(language => All.GetValueOrDefault(language) ?? _madeUp.GetValueOrDefault(language))
            .FirstOrDefault(found => found is not null) ?? English;
        context.Features.Set(wanted);
        return wanted;
    }

    /// <summary>Languages of which each text is made from that of a real one; for tests.</summary>
    internal static void MakeUp(params (string Language, string From, Func<string, string> Text)[] languages) =>
        _madeUp = languages.ToFrozenDictionary(
            made => made.Language,
            made => new Words(made.Language, All[made.From]._texts.ToFrozenDictionary(text => text.Key, text => made.Text(text.Value), StringComparer.Ordinal)),
            StringComparer.Ordinal);

    private static FrozenDictionary<string, Words> Read()
    {
        var assembly = typeof(Words).Assembly;
        var languages = new Dictionary<string, Words>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Resources, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            var language = Path.GetFileNameWithoutExtension(name[Resources.Length..]);
            var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(file)!;
            languages.Add(language, new Words(language, texts.ToFrozenDictionary(StringComparer.Ordinal)));
        }

        return languages.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
