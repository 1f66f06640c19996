using System.Collections.Immutable;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Discovery;

/// <summary>From the records of one service to its servers.</summary>
internal static class ServiceServers
{
    private const int MaxRecords = 32;

    /// <summary>The usable servers in the order of trial; none if the service is absent. At most 32 records are looked at.</summary>
    public static ImmutableArray<AvatarBase> Read(IEnumerable<DnsRecord> records, bool isSecure, Func<int, int> upTo) =>
        [.. SrvSelection.Order(Sorted(Usable(records)).Take(MaxRecords), upTo).Select(record => AvatarBase.OfServer(record.Target, record.Port, isSecure)).Distinct()];

    /// <summary>One record whose target is the root: the domain says that it has no such service.</summary>
    public static bool IsAbsent(IReadOnlyList<DnsRecord> records) => records is [ServiceRecord { Target: "." }];

    /// <summary>Two equal record sets give the same order as long as the process lives, so the URLs of a page stay what browsers have cached.</summary>
    public static Func<int, int> SteadyChoice(IEnumerable<DnsRecord> records)
    {
        // Neither the answer's order nor the time it has left to live matters; the hash of a string is another one in each process.
        var seed = records.OfType<ServiceRecord>().Sum(record => (long)(record.Priority, record.Weight, record.Port, record.Target).GetHashCode());
        var random = new Random(seed.GetHashCode());
        return most => random.Next(most + 1);
    }

    /// <summary>Resolvers turn the records of an answer round from time to time.</summary>
    private static IEnumerable<ServiceRecord> Sorted(IEnumerable<ServiceRecord> records) =>
        records.OrderBy(record => record.Priority).ThenBy(record => record.Target, StringComparer.Ordinal).ThenBy(record => record.Port).ThenBy(record => record.Weight);

    private static IEnumerable<ServiceRecord> Usable(IEnumerable<DnsRecord> records)
    {
        foreach (var record in records.OfType<ServiceRecord>())
        {
            if (HostSanity.IsPort(record.Port) && HostSanity.TryClean(record.Target, out var host))
            {
                yield return record with { Target = host };
            }
        }
    }
}
