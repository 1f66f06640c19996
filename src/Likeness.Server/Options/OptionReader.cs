using System.Collections.Immutable;
using System.Net;

namespace Likeness.Server.Options;

/// <summary>Makes options of what several places say; an earlier place wins. Reports everything that is wrong at once.</summary>
public static class OptionReader
{
    /// <summary>Throws <see cref="OptionsRefusedException"/>.</summary>
    public static LikenessOptions Read(LikenessOptions start, params ReadOnlySpan<OptionSource> strongestFirst)
    {
        var problems = ImmutableArray.CreateBuilder<OptionProblem>();
        var options = start;
        OptionSource[] weakestFirst = [.. strongestFirst];
        Array.Reverse(weakestFirst);
        foreach (var key in OptionCatalogue.Keys)
        {
            if (weakestFirst.LastOrDefault(source => source.Values.ContainsKey(key.Name)) is { } source)
            {
                options = Apply(key, key.Name, source, source.Values[key.Name], options, key.Apply, problems);
            }
        }

        foreach (var source in weakestFirst)
        {
            options = ApplyPolicies(source, options, problems);
            problems.AddRange(source.Values.Keys.Where(name => OptionCatalogue.Find(name) is null).Select(name => Unknown(name, name, source)));
        }

        problems.AddRange(Together(options));
        return problems.Count == 0 ? options with { Said = [.. strongestFirst] } : throw new OptionsRefusedException(problems.ToImmutable());
    }

    private static LikenessOptions ApplyPolicies(OptionSource source, LikenessOptions options, ImmutableArray<OptionProblem>.Builder problems)
    {
        foreach (var (domain, values) in source.Policies)
        {
            foreach (var (name, text) in values)
            {
                var path = $"policies.{domain}.{name}";
                if (OptionCatalogue.Find(name) is { PerDomain: true } key)
                {
                    options = Apply(key, path, source, text, options, (before, said) => PolicyKeys.ApplyTo(before, domain, key, said), problems);
                }
                else
                {
                    problems.Add(Unknown(path, name, source));
                }
            }
        }

        return options;
    }

    private static LikenessOptions Apply(
        OptionKey key,
        string path,
        OptionSource source,
        ImmutableArray<string> values,
        LikenessOptions options,
        Func<LikenessOptions, IReadOnlyList<string>, LikenessOptions> apply,
        ImmutableArray<OptionProblem>.Builder problems)
    {
        try
        {
            return apply(options, values);
        }
        catch (FormatException exception)
        {
            problems.Add(new OptionProblem(path, source.PlaceOf(path), exception.Message, key.Example));
            return options;
        }
    }

    private static OptionProblem Unknown(string path, string name, OptionSource source)
    {
        var isOfDomain = path != name;
        if (isOfDomain && OptionCatalogue.Find(name) is not null)
        {
            var some = string.Join(", ", OptionCatalogue.Keys.Where(key => key.PerDomain).Select(key => key.Name));
            return new(path, source.PlaceOf(path), "a domain cannot decide this for itself", some);
        }

        var known = OptionCatalogue.Keys.Where(key => key.PerDomain || !isOfDomain);
        string[] names = [.. name.StartsWith("LIKENESS_", StringComparison.Ordinal) ? known.Select(key => key.Variable) : known.Select(key => key.Name)];
        return Spelling.Nearest(name, names) is { } meant
            ? new(path, source.PlaceOf(path), $"there is no such setting; did you mean {meant}?", meant)
            : new(path, source.PlaceOf(path), "there is no such setting", string.Join(", ", names));
    }

    private static IEnumerable<OptionProblem> Together(LikenessOptions options)
    {
        const string All = "all settings together";
        if (options.Certificates.Length != options.Keys.Length)
        {
            yield return new("key", All, "every certificate needs its key, in the same order", "--cert example.org.pem --key example.org.key");
        }

        if (options.DevelopmentPlaintext && !options.Xmpp.All(listener => IPAddress.IsLoopback(listener.Address)))
        {
            yield return new("dev-plaintext", All, "passwords without TLS are for loopback listeners only", "--xmpp 127.0.0.1:5222");
        }

        if (options.Http.IsEmpty && options.Https.IsEmpty && options.Xmpp.IsEmpty && options.Xmpps.IsEmpty)
        {
            yield return new("http", All, "nothing is left to listen on", "127.0.0.1:8080");
        }

        foreach (var problem in PolicyChecks.Problems(options))
        {
            yield return problem;
        }
    }
}
