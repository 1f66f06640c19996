using System.Collections.Immutable;

namespace Likeness.Server.Options;

/// <summary>A setting that is in force.</summary>
/// <param name="Name">With its domain, where it is for one: <c>policies.example.org.md5</c>.</param>
/// <param name="Value">As it was said, or what holds when nothing is said; null: it may hold a password, and nobody is shown it.</param>
/// <param name="Place">Who said it; null: nobody.</param>
public sealed record SettingInForce(OptionGroup Group, OptionKey Key, string Name, string? Value, string? Place);

/// <summary>What is in force, and who said so: for the command and the page alike.</summary>
public static class SettingsInForce
{
    /// <summary>Every setting, in groups, with what stands for a domain behind what stands for all.</summary>
    /// <param name="said">By whom, the strongest first.</param>
    public static IEnumerable<SettingInForce> Of(ImmutableArray<OptionSource> said) =>
        from one in OptionCatalogue.Groups
        from key in one.Keys
        from setting in Of(said, one, key)
        select setting;

    private static IEnumerable<SettingInForce> Of(ImmutableArray<OptionSource> said, OptionGroup group, OptionKey key)
    {
        var source = said.FirstOrDefault(source => source.Values.ContainsKey(key.Name));
        yield return source is null
            ? new SettingInForce(group, key, key.Name, key.Default, null)
            : new SettingInForce(group, key, key.Name, Text(key, source.Values[key.Name]), source.PlaceOf(key.Name));
        foreach (var domain in said.SelectMany(source => source.Policies).Where(policy => policy.Value.ContainsKey(key.Name)).Select(policy => policy.Key).Distinct().Order(StringComparer.Ordinal))
        {
            var path = $"policies.{domain}.{key.Name}";
            var from = said.First(source => source.Policies.TryGetValue(domain, out var values) && values.ContainsKey(key.Name));
            yield return new SettingInForce(group, key, path, Text(key, from.Policies[domain][key.Name]), from.PlaceOf(path));
        }
    }

    private static string? Text(OptionKey key, ImmutableArray<string> values) => key.IsSecret ? null : string.Join(", ", values);
}
