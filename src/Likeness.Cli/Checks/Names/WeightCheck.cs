using System.Globalization;

namespace Likeness.Cli.Checks.Names;

/// <summary>Priorities and weights and the number of records.</summary>
internal sealed class WeightCheck : INameCheck
{
    private const int MaxRecords = 32;

    public IEnumerable<Finding> Judge(ObservedDomain domain)
    {
        foreach (var service in domain.All)
        {
            if (service.Records.Count > MaxRecords)
            {
                yield return Finding.Warning("srv-too-many", service.Name, string.Create(CultureInfo.InvariantCulture, $"There are {service.Records.Count} records; clients look at {MaxRecords}."), "Put a load balancer behind one name.");
            }

            if (service.Records.GroupBy(record => (record.Target.ToLowerInvariant(), record.Port)).Any(same => same.Count() > 1))
            {
                yield return Finding.Warning("srv-duplicate", service.Name, "The same server is named twice.", "Remove one of the records.");
            }

            foreach (var priority in service.Records.GroupBy(record => record.Priority))
            {
                if (priority.Any(record => record.Weight == 0) && priority.Any(record => record.Weight > 0))
                {
                    var rare = string.Join(", ", priority.Where(record => record.Weight == 0).Select(record => record.Target));
                    yield return Finding.Warning("srv-weight-zero", service.Name, $"Weight 0 beside others: {rare} is hardly ever asked.", "Give it a weight, or a higher priority number if it is for emergencies.");
                }
            }
        }
    }
}
