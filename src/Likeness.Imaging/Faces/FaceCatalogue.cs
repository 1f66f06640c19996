using System.Collections.Frozen;
using Likeness.Imaging.Faces.Lettering;
using Likeness.Imaging.Faces.Monsters;
using Likeness.Imaging.Faces.Newcomers;
using Likeness.Imaging.Faces.Pagan;
using Likeness.Imaging.Faces.Retro;
using Likeness.Imaging.Faces.Robots;
using Likeness.Imaging.Faces.Wavatars;

namespace Likeness.Imaging.Faces;

/// <summary>Every face there is. A new one is a file beside this one, a line in <see cref="All"/> and a golden image.</summary>
public static class FaceCatalogue
{
    public static IReadOnlyList<IFace> All { get; } =
    [
        new MysteryPerson(),
        new Newcomer(),
        new Identicon(),
        new RetroFace(),
        new MonsterId(),
        new Wavatar(),
        new RoboHash(),
        new Adventurer(),
        new Initials(),
        new ColorTile(),
        new Blank(),
    ];

    private static readonly FrozenDictionary<string, IFace> ByName =
        All.SelectMany(face => face.Aliases.Prepend(face.Name), (face, name) => KeyValuePair.Create(name, face))
            .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The face of that name or alias (<c>mp</c> is <c>mm</c>); null when there is none. Names are lower-case.</summary>
    public static IFace? Find(string name) => ByName.GetValueOrDefault(name);
}
