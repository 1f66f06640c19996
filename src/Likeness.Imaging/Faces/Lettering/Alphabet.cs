using System.Collections.Frozen;
using System.Text;

namespace Likeness.Imaging.Faces.Lettering;

/// <summary>Letters of our own, so that no picture depends on the fonts of a machine.</summary>
internal static class Alphabet
{
    private const string Round = "M34 0C12 0 0 20 0 50C0 80 12 100 34 100C56 100 68 80 68 50C68 20 56 0 34 0Z";

    private static readonly FrozenDictionary<char, Glyph> Letters = new Dictionary<char, Glyph>
    {
        ['A'] = new(64, "M0 100L32 0L64 100M12 66H52"),
        ['B'] = new(58, "M0 0V100H32A26 26 0 0 0 32 48H0M32 48A24 24 0 0 0 32 0H0"),
        ['C'] = new(62, "M62 18C54 6 44 0 34 0C12 0 0 20 0 50C0 80 12 100 34 100C44 100 54 94 62 82"),
        ['D'] = new(62, "M0 0V100H20C48 100 62 80 62 50C62 20 48 0 20 0Z"),
        ['E'] = new(52, "M52 0H0V100H52M0 48H42"),
        ['F'] = new(50, "M50 0H0V100M0 48H42"),
        ['G'] = new(64, "M62 18C54 6 44 0 34 0C12 0 0 20 0 50C0 80 12 100 34 100C54 100 64 84 64 56H38"),
        ['H'] = new(60, "M0 0V100M60 0V100M0 48H60"),
        ['I'] = new(0, "M0 0V100"),
        ['J'] = new(42, "M42 0V68Q42 100 20 100Q4 100 0 80"),
        ['K'] = new(58, "M0 0V100M56 0L0 56M22 36L58 100"),
        ['L'] = new(50, "M0 0V100H50"),
        ['M'] = new(74, "M0 100V0L37 62L74 0V100"),
        ['N'] = new(60, "M0 100V0L60 100V0"),
        ['O'] = new(68, Round),
        ['P'] = new(58, "M0 100V0H32A27 27 0 0 1 32 54H0"),
        ['Q'] = new(68, Round + "M42 74L66 104"),
        ['R'] = new(58, "M0 100V0H32A27 27 0 0 1 32 54H0M30 54L58 100"),
        ['S'] = new(56, "M54 18C48 6 40 0 28 0C12 0 2 10 2 25C2 42 16 47 28 50C42 54 56 59 56 76C56 91 44 100 28 100C14 100 5 93 0 81"),
        ['T'] = new(60, "M0 0H60M30 0V100"),
        ['U'] = new(60, "M0 0V64C0 88 12 100 30 100C48 100 60 88 60 64V0"),
        ['V'] = new(64, "M0 0L32 100L64 0"),
        ['W'] = new(88, "M0 0L22 100L44 22L66 100L88 0"),
        ['X'] = new(58, "M0 0L58 100M58 0L0 100"),
        ['Y'] = new(60, "M0 0L30 50L60 0M30 50V100"),
        ['Z'] = new(56, "M0 0H56L0 100H56"),
        ['Ø'] = new(68, Round + "M58 -4L10 104"),
        ['Ł'] = new(50, "M0 0V100H50M-9 60L26 36"),
        ['Đ'] = new(62, "M0 0V100H20C48 100 62 80 62 50C62 20 48 0 20 0ZM-14 48H26"),
        ['Þ'] = new(56, "M0 0V100M0 22H30A26 26 0 0 1 30 74H0"),
        ['Æ'] = new(92, "M92 0H44L0 100M14 68H48M92 100H48V0M48 48H84"),
        ['Γ'] = new(50, "M50 0H0V100"),
        ['Δ'] = new(68, "M34 0L0 100H68Z"),
        ['Θ'] = new(68, Round + "M18 50H50"),
        ['Λ'] = new(64, "M0 100L32 0L64 100"),
        ['Ξ'] = new(54, "M0 0H54M8 50H46M0 100H54"),
        ['Π'] = new(60, "M0 100V0H60V100"),
        ['Σ'] = new(54, "M54 0H0L30 50L0 100H54"),
        ['Φ'] = new(76, "M38 0V100M38 16C12 16 0 32 0 50C0 68 12 84 38 84C64 84 76 68 76 50C76 32 64 16 38 16Z"),
        ['Ψ'] = new(72, "M36 0V100M0 0V24C0 50 14 64 36 64C58 64 72 50 72 24V0"),
        ['Ω'] = new(72, "M0 100H22C8 86 0 68 0 48C0 20 14 0 36 0C58 0 72 20 72 48C72 68 64 86 50 100H72"),
        ['Б'] = new(58, "M52 0H0V100H32A26 26 0 0 0 32 46H0"),
        ['Д'] = new(76, "M0 118V100H76V118M10 100C20 80 22 50 22 0H62V100"),
        ['Ж'] = new(92, "M46 0V100M0 0L40 48H52L92 0M40 48L0 100M52 48L92 100"),
        ['З'] = new(54, "M2 14C8 5 16 0 27 0C42 0 52 9 52 24C52 38 42 46 24 46C44 46 54 57 54 73C54 90 43 100 27 100C14 100 5 94 0 84"),
        ['И'] = new(60, "M0 0V100L60 0V100"),
        ['Л'] = new(62, "M0 100C14 92 18 60 18 0H62V100"),
        ['Ц'] = new(64, "M0 0V100H64V118M56 100V0"),
        ['Ч'] = new(56, "M0 0V30C0 46 10 54 28 54H56M56 0V100"),
        ['Ш'] = new(84, "M0 0V100H84V0M42 0V100"),
        ['Щ'] = new(92, "M0 0V100H92V118M42 0V100M84 0V100"),
        ['Ъ'] = new(70, "M0 0H18V100H46A26 26 0 0 0 46 46H18"),
        ['Ы'] = new(80, "M0 0V100H28A26 26 0 0 0 28 46H0M80 0V100"),
        ['Ь'] = new(54, "M0 0V100H28A26 26 0 0 0 28 46H0"),
        ['Э'] = new(60, "M0 18C8 6 17 0 28 0C48 0 60 20 60 50C60 80 48 100 28 100C17 100 8 94 0 82M22 50H58"),
        ['Є'] = new(60, "M60 18C52 6 43 0 32 0C12 0 0 20 0 50C0 80 12 100 32 100C43 100 52 94 60 82M2 50H38"),
        ['Ю'] = new(92, "M0 0V100M0 50H30M61 0C41 0 30 20 30 50C30 80 41 100 61 100C81 100 92 80 92 50C92 20 81 0 61 0Z"),
        ['Я'] = new(58, "M58 100V0H26A27 27 0 0 0 26 54H58M28 54L0 100"),
        ['Ђ'] = new(72, "M0 0H52M24 0V100M24 44H48C64 44 72 54 72 70C72 88 64 100 48 100"),
        ['Ћ'] = new(66, "M0 0H52M22 0V100M22 44H44C58 44 66 52 66 68V100"),
        ['Џ'] = new(60, "M0 0V100H60V0M30 100V118"),
        ['Љ'] = new(96, "M0 100C12 92 16 60 16 0H50V100H72A25 25 0 0 0 72 46H50"),
        ['Њ'] = new(90, "M0 0V100M0 48H46M46 0V100H66A26 26 0 0 0 66 48H46"),
        ['Ґ'] = new(50, "M0 100V0H50V-20"),
        ['0'] = new(56, "M28 0C10 0 0 20 0 50C0 80 10 100 28 100C46 100 56 80 56 50C56 20 46 0 28 0Z"),
        ['1'] = new(22, "M0 20L22 0V100"),
        ['2'] = new(54, "M0 24C2 8 12 0 27 0C43 0 53 10 53 26C53 44 30 64 0 100H54"),
        ['3'] = new(54, "M2 14C8 5 16 0 27 0C42 0 52 9 52 24C52 38 42 46 24 46C44 46 54 57 54 73C54 90 43 100 27 100C14 100 5 94 0 84"),
        ['4'] = new(60, "M44 100V0L0 68H60"),
        ['5'] = new(56, "M50 0H8L4 44C12 38 18 36 27 36C46 36 56 49 56 67C56 88 44 100 26 100C14 100 5 95 0 86"),
        ['6'] = new(56, "M46 2C18 10 0 36 0 66C0 88 11 100 28 100C45 100 56 88 56 69C56 51 45 40 29 40C15 40 4 48 0 62"),
        ['7'] = new(56, "M0 0H56L18 100"),
        ['8'] = new(56, "M28 46C13 46 4 37 4 23C4 9 13 0 28 0C43 0 52 9 52 23C52 37 43 46 28 46C11 46 0 57 0 73C0 89 11 100 28 100C45 100 56 89 56 73C56 57 45 46 28 46Z"),
        ['9'] = new(56, "M10 98C38 90 56 64 56 34C56 12 45 0 28 0C11 0 0 12 0 31C0 49 11 60 27 60C41 60 52 52 56 38"),
    }.ToFrozenDictionary();

    /// <summary>Greek and Cyrillic letters that look like a Latin or another Greek one.</summary>
    private const string Twins = "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXАAВBГΓЕEЅSІIЈJКKМMНHОOПΠРPСCТTУYФΦХX";

    /// <summary>What stands above or beneath a letter, about x 0.</summary>
    private static readonly FrozenDictionary<char, string> Marks = new Dictionary<char, string>
    {
        ['\u0300'] = "M-14 -42L4 -24",
        ['\u0301'] = "M14 -42L-4 -24",
        ['\u0302'] = "M-18 -24L0 -42L18 -24",
        ['\u0303'] = "M-21 -27C-13 -41 -6 -38 0 -33C6 -28 13 -26 21 -39",
        ['\u0304'] = "M-18 -32H18",
        ['\u0306'] = "M-17 -42Q0 -18 17 -42",
        ['\u0307'] = "M0 -32V-32",
        ['\u0308'] = "M-17 -32V-32M17 -32V-32",
        ['\u030A'] = "M0 -44A12 12 0 1 0 1 -44Z",
        ['\u030B'] = "M-4 -42L-16 -24M20 -42L8 -24",
        ['\u030C'] = "M-18 -42L0 -24L18 -42",
        ['\u0327'] = "M2 102Q18 114 2 124Q-6 126 -14 122",
        ['\u0328'] = "M16 102Q-6 120 18 126",
    }.ToFrozenDictionary();

    /// <summary>Null when something of it is none of ours, or more marks are piled up than one.</summary>
    public static IReadOnlyList<Glyph>? Write(string letters)
    {
        if (letters.Any(char.IsSurrogate))
        {
            return null;
        }

        var glyphs = new List<Glyph>();
        foreach (var mark in letters.ToUpperInvariant().Normalize(NormalizationForm.FormD))
        {
            if (Letters.TryGetValue(Shape(mark), out var letter))
            {
                glyphs.Add(letter);
            }
            else if (glyphs is [.., { Mark: "" } last] && Marks.TryGetValue(mark, out var strokes))
            {
                glyphs[^1] = last with { Mark = strokes };
            }
            else
            {
                return null;
            }
        }

        return glyphs;
    }

    private static char Shape(char letter) =>
        Twins.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var place && place % 2 == 0 ? Twins[place + 1] : letter;
}
