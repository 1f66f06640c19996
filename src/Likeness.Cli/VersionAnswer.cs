using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Likeness.Imaging;
using Likeness.Storage;

namespace Likeness.Cli;

/// <summary><c>--version</c>: what a report of a fault has to say; with <c>--verbose</c> also which bits they are.</summary>
internal sealed class VersionAnswer : SynchronousCommandLineAction
{
    private readonly Option<bool> _verbose = new("--verbose") { Description = "With --version: also the SHA-256 of the program, the same in every package of a release." };

    private VersionAnswer()
    {
    }

    public static void AddTo(Command root)
    {
        var answer = new VersionAnswer();
        root.Add(new Option<bool>("--version") { Description = "The versions of the program and of what it is made with.", Action = answer });
        root.Add(answer._verbose);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var assembly = typeof(VersionAnswer).Assembly;
        var (version, commit) = Parts(assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");
        output.WriteLine($"likeness  {version}");
        output.WriteLine($"commit    {commit}");
        output.WriteLine($"runtime   {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        output.WriteLine($"libvips   {Libvips()}");
        output.WriteLine($"SQLite    {Database.SqliteVersion}");
        if (parseResult.GetValue(_verbose))
        {
            using var file = File.OpenRead(assembly.Location);
            output.WriteLine($"{Path.GetFileName(assembly.Location)}  sha256 {Convert.ToHexStringLower(SHA256.HashData(file))}");
        }

        return ExitCode.Done;
    }

    private static (string Version, string Commit) Parts(string informational) =>
        informational.IndexOf('+', StringComparison.Ordinal) is var plus and > 0 ? (informational[..plus], informational[(plus + 1)..]) : (informational, "not known");

    private static string Libvips()
    {
        try
        {
            return VipsLibrary.Version();
        }
        catch (RenderUnavailableException exception)
        {
            return $"cannot be used: {exception.Message}";
        }
    }
}
