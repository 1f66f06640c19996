using System.Globalization;

namespace Likeness.Cli.Checks.Names;

/// <summary>How long others may keep the records.</summary>
internal sealed class LifetimeCheck : INameCheck
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Most = TimeSpan.FromDays(7);

    public IEnumerable<Finding> Judge(ObservedDomain domain)
    {
        foreach (var service in domain.All)
        {
            if (service.Records.Count == 0 || service.Answer.TimeToLive is not { } time)
            {
                continue;
            }

            if (time < Least)
            {
                yield return Finding.Warning(
                    "srv-ttl-short",
                    service.Name,
                    string.Create(CultureInfo.InvariantCulture, $"The answer may be kept for {time.TotalSeconds:0} s; a resolver counts down what it kept, so ask again in a minute."),
                    "An hour (3600) is usual.");
            }
            else if (time > Most)
            {
                yield return Finding.Warning(
                    "srv-ttl-long",
                    service.Name,
                    string.Create(CultureInfo.InvariantCulture, $"The answer may be kept for {time.TotalDays:0} days; a move of the server takes that long."),
                    "An hour (3600) is usual.");
            }
        }
    }
}
