using Likeness.Server.Options;
using Likeness.Server.Telemetry;
using Likeness.Server.Tls;

namespace Likeness.Server.Administration;

/// <summary>What a server would find at start beyond the settings themselves.</summary>
public static class OptionCheck
{
    /// <summary>Warnings, one line each. Throws <see cref="OptionsRefusedException"/> or <see cref="CertificateRefusedException"/> for what would keep it from starting.</summary>
    public static IReadOnlyList<string> Warnings(LikenessOptions options, TimeProvider time)
    {
        DatabaseMark.Check(options.DataDirectory, options.Database);
        List<string> warnings = options.Certificates.IsEmpty
            ? []
            : [.. new CertificateSource([.. options.Certificates.Zip(options.Keys)]).Warnings(options, time.GetUtcNow())];
        warnings.AddRange(MetricsListener.Warnings(options));
        warnings.AddRange(OptionNeed.Warnings(options));
        return DataDirectory.Warning(options.DataDirectory) is { } warning ? [.. warnings, warning] : warnings;
    }
}
