namespace Likeness.Libravatar.Discovery;

/// <summary>The order in which the servers of SRV records are tried (RFC 2782), whatever the records are. Likeness.Xmpp compiles this file, too: neither package needs the other.</summary>
internal static class WeightedOrder
{
    /// <summary>Lower priority numbers first; within one, the weighted pick repeated until none is left, those of no weight in front.</summary>
    /// <param name="upTo">A uniform integer from 0 to the argument, both included.</param>
    public static List<T> Of<T>(IEnumerable<T> records, Func<T, int> priority, Func<T, int> weight, Func<int, int> upTo)
    {
        var order = new List<T>();
        foreach (var rank in records.GroupBy(priority).OrderBy(group => group.Key))
        {
            // A list, not a map by running sum: records of weight 0 share theirs.
            var left = new List<T>(Shuffled(rank.Where(record => weight(record) == 0), upTo));
            left.AddRange(rank.Where(record => weight(record) > 0));
            while (left.Count > 0)
            {
                var chosen = upTo(left.Sum(weight));
                var sum = 0;
                var index = left.FindIndex(record => (sum += weight(record)) >= chosen);
                order.Add(left[index]);
                left.RemoveAt(index);
            }
        }

        return order;
    }

    private static T[] Shuffled<T>(IEnumerable<T> records, Func<int, int> upTo)
    {
        T[] shuffled = [.. records];
        for (var last = shuffled.Length - 1; last > 0; last--)
        {
            var other = upTo(last);
            (shuffled[last], shuffled[other]) = (shuffled[other], shuffled[last]);
        }

        return shuffled;
    }
}
