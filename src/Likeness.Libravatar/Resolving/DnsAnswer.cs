namespace Likeness.Libravatar.Resolving;

/// <summary>What came of a question.</summary>
/// <param name="Records">Of the type asked for, at the end of the chain of aliases; empty unless <see cref="DnsStatus.Found"/>.</param>
/// <param name="TimeToLive">How long the answer may be kept; null when nobody said.</param>
/// <param name="Aliases">The names passed on the way, the last one owns the records.</param>
public sealed record DnsAnswer(DnsStatus Status, IReadOnlyList<DnsRecord> Records, TimeSpan? TimeToLive, IReadOnlyList<string> Aliases)
{
    private const int MaxAliases = 8;

    internal static DnsAnswer Failed { get; } = new(DnsStatus.Failed, [], null, []);

    /// <summary>To a question whose name cannot exist; nobody is asked.</summary>
    internal static DnsAnswer Impossible { get; } = new(DnsStatus.NoSuchName, [], null, []);

    /// <summary>Takes from an answer what belongs to the question: records of other names are ignored, aliases followed within the answer.</summary>
    internal static DnsAnswer Read(DnsMessage message, DnsQuestion question)
    {
        var owner = question.Name.TrimEnd('.');
        var aliases = new List<string>();
        TimeSpan? timeToLive = null;
        while (message.Answers.OfType<AliasRecord>().FirstOrDefault(record => IsOf(record, owner)) is { } alias && question.Type != DnsType.Cname)
        {
            if (aliases.Count == MaxAliases)
            {
                return Failed;
            }

            owner = alias.Target;
            aliases.Add(owner);
            timeToLive = Least(timeToLive, alias.TimeToLive);
        }

        DnsRecord[] records = [.. message.Answers.Where(record => record.Type == question.Type && IsOf(record, owner))];
        if (records.Length > 0)
        {
            return new DnsAnswer(DnsStatus.Found, records, records.Aggregate(timeToLive, (least, record) => Least(least, record.TimeToLive)), aliases);
        }

        var authority = message.Authorities.OfType<AuthorityRecord>().FirstOrDefault(record => IsUnder(owner, record.Name));
        var status = message.ResponseCode == DnsResponseCode.NameError ? DnsStatus.NoSuchName : DnsStatus.NoSuchRecord;
        return new DnsAnswer(status, [], authority is null ? null : Least(authority.TimeToLive, authority.Minimum), aliases);
    }

    private static bool IsOf(DnsRecord record, string owner) => record.Name.Equals(owner, StringComparison.OrdinalIgnoreCase);

    private static bool IsUnder(string name, string zone) =>
        zone == "." || name.Equals(zone, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + zone, StringComparison.OrdinalIgnoreCase);

    private static TimeSpan Least(TimeSpan? one, TimeSpan other) => one < other ? one.Value : other;
}

/// <summary>How a question ended.</summary>
public enum DnsStatus
{
    Found,

    /// <summary>NXDOMAIN: the name does not exist.</summary>
    NoSuchName,

    /// <summary>The name has no record of this type.</summary>
    NoSuchRecord,

    /// <summary>Nobody gave a usable answer in time.</summary>
    Failed,
}
