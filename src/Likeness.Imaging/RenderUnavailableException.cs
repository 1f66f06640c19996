namespace Likeness.Imaging;

/// <summary>No renderer could be had: none starts, too many requests wait, or the server is stopping. The picture is not to blame; asking again later may work.</summary>
public sealed class RenderUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
