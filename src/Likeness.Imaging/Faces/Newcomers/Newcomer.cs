using Likeness.Imaging.Faces.Wavatars;

namespace Likeness.Imaging.Faces.Newcomers;

/// <summary><c>mmng</c>: like <c>mm</c> somebody's outline, but everybody has one of their own.</summary>
internal sealed class Newcomer() : HashedFace("mmng", "somebody's outline, different for everybody")
{
    private static readonly IReadOnlyList<string> Directions = ["", """ transform="matrix(-1 0 0 1 512 0)" """];

    protected internal override string Draw(FaceSeed seed)
    {
        var behind = seed.Pick(Palette.Figures);
        var ground = seed.Pick(Palette.Grounds);
        var (head, clothes) = (seed.Pick(Palette.Figures), seed.Pick(Palette.Figures));
        return Svg.OnGround(
            ground,
            $"""<g fill="{behind.Light}" stroke="{behind.Light}">{seed.Pick(Backdrops.All)}</g>""",
            $"""<g color="{ground}"{seed.Pick(Directions)}><g fill="{clothes.Main}">{seed.Pick(Silhouettes.Shoulders)}</g><g fill="{head.Shade}">{Silhouettes.Head}{seed.Pick(Silhouettes.Hair)}</g>{seed.Pick(Silhouettes.Collars)}</g>""");
    }
}
