using Likeness.Libravatar;

namespace Likeness.Web;

/// <summary>Pictures that people show elsewhere, fetched when they ask for it. Whoever may ask other servers implements it; where the operator wants none asked, nobody does.</summary>
public interface IPictureImport
{
    /// <summary>Where pictures may come from, by name.</summary>
    IReadOnlyList<string> Sources { get; }

    /// <summary>The file that the source shows for the address, as it came; null: none. The source learns a hash of the address and nothing else.</summary>
    /// <exception cref="PictureImportException">It could not be asked, or what came is no picture.</exception>
    Task<ReadOnlyMemory<byte>?> Fetch(string source, Address address, CancellationToken cancellationToken = default);

    /// <summary>The file at this address, where a site that vouches for the person says that the person's picture is; null: none.</summary>
    /// <exception cref="PictureImportException">It could not be asked, or what came is no picture.</exception>
    Task<ReadOnlyMemory<byte>?> Fetch(Uri picture, CancellationToken cancellationToken = default);
}

/// <summary>A picture that is somewhere else cannot be had.</summary>
public sealed class PictureImportException(string message) : Exception(message);
