using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Discovery;

/// <summary>The order in which a service's servers are tried (RFC 2782).</summary>
public static class SrvSelection
{
    /// <summary>Lower priority numbers first; within one, the weighted pick repeated until none is left.</summary>
    /// <param name="upTo">A uniform integer from 0 to the argument, both included.</param>
    public static IReadOnlyList<ServiceRecord> Order(IEnumerable<ServiceRecord> records, Func<int, int> upTo)
    {
        var order = new List<ServiceRecord>();
        foreach (var priority in records.GroupBy(record => record.Priority).OrderBy(group => group.Key))
        {
            // A list, not a map by running sum: records of weight 0 share theirs.
            var left = new List<ServiceRecord>(Shuffled(priority.Where(record => record.Weight == 0), upTo));
            left.AddRange(priority.Where(record => record.Weight > 0));
            while (left.Count > 0)
            {
                var index = Pick(left, upTo(left.Sum(record => record.Weight)));
                order.Add(left[index]);
                left.RemoveAt(index);
            }
        }

        return order;
    }

    private static int Pick(List<ServiceRecord> records, int chosen)
    {
        var sum = 0;
        return records.FindIndex(record => (sum += record.Weight) >= chosen);
    }

    private static ServiceRecord[] Shuffled(IEnumerable<ServiceRecord> records, Func<int, int> upTo)
    {
        ServiceRecord[] shuffled = [.. records];
        for (var last = shuffled.Length - 1; last > 0; last--)
        {
            var other = upTo(last);
            (shuffled[last], shuffled[other]) = (shuffled[other], shuffled[last]);
        }

        return shuffled;
    }
}
