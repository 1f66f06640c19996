using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Beside;

/// <summary>A chat server that stays as it is, and how this server stands beside it.</summary>
public sealed record BesideOptions
{
    /// <summary>Where its component listener is: a host and a port, or a socket in the file system.</summary>
    public required EndPoint Server { get; init; }

    /// <summary>The same as it is written in the settings.</summary>
    public string Place => Server switch
    {
        DnsEndPoint { Host: var host, Port: var port } => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}",
        UnixDomainSocketEndPoint socket => $"unix:{socket}",
        _ => Server.ToString() ?? "",
    };

    /// <summary>The component's name, as both servers are configured.</summary>
    public required string Name { get; init; }

    /// <summary>What both servers know.</summary>
    public required string Secret { get; init; }

    /// <summary>The domains whose people are on that server.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>ejabberd's HTTP API, such as <c>http://127.0.0.1:5281/api</c>; null: none.</summary>
    public Uri? Api { get; init; }

    /// <summary>Where clients log in; null: where the domain says.</summary>
    public DnsEndPoint? Login { get; init; }

    /// <summary>The connection is TLS from its first byte, and the certificate is checked for the host of <see cref="Server"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>Who may have signed that certificate; empty: whom the system trusts.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>The server takes stanzas of the component with its people's addresses as sender.</summary>
    public bool ActsAsUsers { get; init; }

    /// <summary>The component is put into people's contact lists, which they see.</summary>
    public bool JoinsRosters { get; init; }

    /// <summary>What holds for portraits whose owner chose no visibility.</summary>
    public UnchosenVisibility Unchosen { get; init; } = UnchosenVisibility.AsStrangersSee;

    /// <summary>A chat address is the e-mail address that avatars on the web are asked by; null: its operator did not say, and it counts as one.</summary>
    public bool? AddressesAreTheSame { get; init; }

    /// <summary>Accounts looked at in a second, at most.</summary>
    public int Rate { get; init; } = 20;

    /// <summary>Every account is looked at once in this time.</summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long the portrait of an account that is gone is kept, hidden.</summary>
    public TimeSpan KeepGone { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of the largest picture that is taken over.</summary>
    public int LargestPicture { get; init; } = 256 * 1024;
}

/// <summary>What holds for a portrait whose nodes have the access model that new nodes have.</summary>
public enum UnchosenVisibility
{
    /// <summary>The web shows what a stranger in chats is given.</summary>
    AsStrangersSee,

    /// <summary>The web shows it to everybody.</summary>
    Public,

    /// <summary>The web shows it to nobody.</summary>
    Contacts,
}
