using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Discovery;

/// <summary>The order in which a service's servers are tried (RFC 2782).</summary>
public static class SrvSelection
{
    /// <summary>Lower priority numbers first; within one, the weighted pick repeated until none is left.</summary>
    /// <param name="upTo">A uniform integer from 0 to the argument, both included.</param>
    public static IReadOnlyList<ServiceRecord> Order(IEnumerable<ServiceRecord> records, Func<int, int> upTo) =>
        WeightedOrder.Of(records, record => record.Priority, record => record.Weight, upTo);
}
