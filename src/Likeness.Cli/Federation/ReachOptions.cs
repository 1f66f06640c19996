using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Server.Tls;

namespace Likeness.Cli.Federation;

/// <summary>How far a command that fetches may go.</summary>
internal sealed class ReachOptions
{
    private readonly Option<IPEndPoint?> _dns;

    private readonly Option<bool> _private = new("--allow-private")
    {
        Description = "Also go to loopback and private addresses. Implied by a --dns on a loopback address.",
    };

    private readonly Option<string?> _authorities = new("--ca")
    {
        Description = "PEM file with the certificate authorities to trust instead of the machine's.",
        HelpName = "FILE",
    };

    private ReachOptions(Command command)
    {
        _dns = DnsOption.AddTo(command, " One on a loopback address is a laboratory: loopback and private addresses may then be gone to.");
        command.Add(_private);
        command.Add(_authorities);
    }

    public static ReachOptions AddTo(Command command) => new(command);

    /// <summary>Throws <see cref="CertificateRefusedException"/>.</summary>
    public Reach Read(ParseResult parsed)
    {
        var dns = parsed.GetValue(_dns);
        var isLaboratory = dns is not null && IPAddress.IsLoopback(dns.Address);
        var file = parsed.GetValue(_authorities);
        return new Reach(dns, isLaboratory || parsed.GetValue(_private), file, file is null ? [] : [.. Authorities(file)]);
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateRefusedException($"{file}: {exception.Message}", exception);
        }

        return authorities.Count > 0 ? authorities : throw new CertificateRefusedException($"{file}: there is no certificate in it.", new InvalidDataException());
    }
}
