namespace Likeness.Imaging.Vips;

/// <summary>What libvips left in its error buffer.</summary>
internal sealed class VipsException(string message) : Exception(message);
