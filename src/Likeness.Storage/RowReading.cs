using System.Data.Common;

namespace Likeness.Storage;

/// <summary>The way back from <see cref="SqlValue"/>.</summary>
internal static class RowReading
{
    public static string Text(this DbDataReader row, int column) => row.GetString(column);

    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long Number(this DbDataReader row, int column) => row.GetInt64(column);

    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static int SmallNumber(this DbDataReader row, int column) => (int)row.GetInt64(column);

    public static bool Flag(this DbDataReader row, int column) => row.GetInt64(column) != 0;

    public static byte[] Bytes(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static byte[]? BytesOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Bytes(column);

    public static Identity Identity(this DbDataReader row, int column) => new(row.GetString(column));

    public static Identity? IdentityOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Identity(column);

    public static PictureId PictureId(this DbDataReader row, int column) => new(Convert.ToHexStringLower(row.Bytes(column)));

    public static PictureId? PictureIdOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.PictureId(column);

    public static DateTimeOffset Time(this DbDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static DateTimeOffset? TimeOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static T Named<T>(this DbDataReader row, int column)
        where T : struct, Enum => Enum.Parse<T>(row.GetString(column));

    public static T? NamedOrNull<T>(this DbDataReader row, int column)
        where T : struct, Enum => row.IsDBNull(column) ? null : row.Named<T>(column);
}
