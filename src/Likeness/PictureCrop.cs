namespace Likeness;

/// <summary>Which part of a file becomes the portrait, as whoever gives it wishes.</summary>
/// <param name="Part">Where nothing more exact is said.</param>
/// <param name="Square">Exactly; null: the part.</param>
/// <param name="IsStill">Of what moves, the first frame alone.</param>
public sealed record PictureCrop(PicturePart Part, PictureSquare? Square = null, bool IsStill = false);

/// <summary>The largest square at a place of the picture.</summary>
public enum PicturePart
{
    Centre,
    Top,
    Left,
    Right,
    Bottom,

    /// <summary>All of it, on a ground that makes it square.</summary>
    Whole,
}

/// <summary>A square in pixels of the picture as it is seen: the right way up, and mirrored where that is wished.</summary>
/// <param name="X">Its left edge.</param>
/// <param name="Y">Its top edge.</param>
/// <param name="Edge">Its width and height.</param>
/// <param name="Angle">Degrees by which the picture is turned clockwise about the square's centre.</param>
/// <param name="IsMirrored">Left and right change places before all else.</param>
public sealed record PictureSquare(double X, double Y, double Edge, double Angle, bool IsMirrored);
