using System.Runtime.CompilerServices;
using Likeness.Imaging;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>An extension behind the hash is understood.</summary>
internal sealed class ExtensionCheck : IProtocolCheck
{
    public (string Id, string Text)? Fine => ("extension", ".png and .jpg select the type.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (extension, format) in new[] { (".png", ImageFormat.Png), (".jpg", ImageFormat.Jpeg) })
        {
            var answer = await probe.Get(probe.Sample(extension), cancellationToken);
            if (!answer.IsPicture)
            {
                yield return Finding.Wrong("extension", probe.Subject, $"With {extension} behind the hash comes {answer.Shown}.", "Take one extension off the hash before looking.");
            }
            else if (answer.Picture!.Format != format)
            {
                yield return Finding.Warning("extension-ignored", probe.Subject, $"With {extension} behind the hash comes a {answer.Picture.Format}.", "Give the type that the extension names.");
            }
        }
    }
}
