using Likeness.Server;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>What a freshly started server says to its operator.</summary>
internal static class NextSteps
{
    public static string For(LikenessOptions options, BoundAddresses bound, string? invitation) => For(options, bound, Container(), invitation);

    /// <summary>In a container the commands are those of its host; the directory is in the container's variables.</summary>
    public static string For(LikenessOptions options, BoundAddresses bound, string? container, string? invitation = null)
    {
        var data = container is not null || options.DataDirectory == DataDirectory.Default() ? "" : $" --data {options.DataDirectory}";
        var likeness = container is null ? "likeness" : $"docker exec -it {container} likeness";
        var lines = new List<string> { $"Serving {string.Join(", ", options.Domains)}, data in {options.DataDirectory}." };
        if (!bound.Http.IsEmpty)
        {
            lines.Add($"  web     http://{bound.Http[0]}/avatar/HASH");
        }

        if (!bound.Xmpp.IsEmpty)
        {
            lines.Add($"  chat    {bound.Xmpp[0]}, with {(options.Certificates.IsEmpty ? "a self-signed certificate" : "your certificate")}");
            lines.Add($"  next    {likeness} user add you@{options.Domains[0]}{data}");
        }

        lines.Add(container is null
            ? $"  then    likeness avatar set you@{options.Domains[0]} portrait.jpg{data}"
            : $"  then    docker exec -i {container} likeness avatar set you@{options.Domains[0]} /dev/stdin <portrait.jpg");
        if (container is not null)
        {
            lines.Add($"  see     {likeness} check {options.Domains[0]}");
        }

        if (invitation is not null)
        {
            lines.Add($"An invitation for {options.AdminInvite}, good once and until the next start:");
            lines.AddRange(invitation.Split(Environment.NewLine).Select(link => $"  {link}"));
        }

        return string.Join(Environment.NewLine, lines);
    }

    // Docker and podman leave a mark, and name a container's machine after it unless told otherwise.
    private static string? Container() =>
        IsImage(AppContext.BaseDirectory) && (File.Exists("/.dockerenv") || File.Exists("/run/.containerenv")) ? Environment.MachineName : null;

    /// <summary>Where the image has the program. Who works on a checkout inside a container types the commands there.</summary>
    internal static bool IsImage(string program) => program.StartsWith("/usr/lib/likeness/", StringComparison.Ordinal);
}
