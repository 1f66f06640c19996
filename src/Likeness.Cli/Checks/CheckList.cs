using Likeness.Cli.Checks.Connections;
using Likeness.Cli.Checks.Names;
using Likeness.Cli.Checks.Protocol;

namespace Likeness.Cli.Checks;

/// <summary>Every check there is, in the order of the report.</summary>
internal static class CheckList
{
    public static IReadOnlyList<INameCheck> Names { get; } =
    [
        new PresenceCheck(),
        new ChatPresenceCheck(),
        new TargetNameCheck(),
        new PortCheck(),
        new WeightCheck(),
        new LifetimeCheck(),
        new AgreementCheck(),
        new TargetAddressCheck(),
    ];

    public static IReadOnlyList<IConnectionCheck> Connections { get; } =
    [
        new OpenPortCheck(),
        new HandshakeCheck(),
        new CertificateNameCheck(),
        new CertificateChainCheck(),
        new CertificateDatesCheck(),
        new ServerKeysCheck(),
    ];

    /// <summary>Asked of any server, the public ones too.</summary>
    public static IReadOnlyList<IProtocolCheck> People { get; } = [new PersonCheck(), new HashesCheck()];

    /// <summary>Asked of a domain's own server.</summary>
    public static IReadOnlyList<IProtocolCheck> Servers { get; } =
    [
        .. People,
        new SizeCheck(),
        new DefaultsCheck(),
        new NotFoundCheck(),
        new ExtensionCheck(),
        new BadHashCheck(),
        new MethodCheck(),
        new CachingCheck(),
        new RedirectCheck(),
        new OpenRedirectCheck(),
        new HeaderCheck(),
        new ErrorCheck(),
        new SpeedCheck(),
    ];
}
