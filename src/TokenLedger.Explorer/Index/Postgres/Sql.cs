// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Npgsql;
using NpgsqlTypes;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>Values as the database has them: amounts numeric(39, 0), all other numbers bigint.</summary>
internal static class Sql
{
    public static NpgsqlParameter Of(long value) => new NpgsqlParameter<long> { TypedValue = value };

    public static NpgsqlParameter Of(Height value) => Of(Clamped(value));

    public static NpgsqlParameter Of(string value) => new NpgsqlParameter<string> { TypedValue = value };

    public static NpgsqlParameter Of(byte[] value) => new NpgsqlParameter<byte[]> { TypedValue = value };

    public static NpgsqlParameter Of(Address value) => Of(value.ToArray());

    public static NpgsqlParameter Of(AssetId value) => Of(value.ToString());

    public static NpgsqlParameter Of(Amount value) =>
        new NpgsqlParameter<BigInteger> { TypedValue = value.Units };

    public static NpgsqlParameter Of(IEnumerable<long> values) => Array(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(IEnumerable<string> values) => Array(values, NpgsqlDbType.Text);

    public static NpgsqlParameter Of(IEnumerable<byte[]> values) => Array(values, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Of(IEnumerable<BigInteger> values) => Array(values, NpgsqlDbType.Numeric);

    /// <summary>A height that is looked for: none is above what bigint holds.</summary>
    public static long Clamped(Height height) => (long)Math.Min(height.Value, long.MaxValue);

    /// <summary>A number that is written.</summary>
    public static long Stored(ulong value) => checked((long)value);

    public static Height Height(this NpgsqlDataReader reader, int column) =>
        new(checked((ulong)reader.GetInt64(column)));

    public static ulong Count(this NpgsqlDataReader reader, int column) =>
        checked((ulong)reader.GetInt64(column));

    public static byte[] Bytes(this NpgsqlDataReader reader, int column) =>
        reader.GetFieldValue<byte[]>(column);

    public static Address Address(this NpgsqlDataReader reader, int column) =>
        reader.Bytes(column) is { Length: Core.Address.Size } bytes
            ? new Address(bytes)
            : throw new CanonicalFormatException("An address has not 20 bytes.");

    public static Hash256 Hash(this NpgsqlDataReader reader, int column) =>
        reader.Bytes(column) is { Length: Hash256.Size } bytes
            ? new Hash256(bytes)
            : throw new CanonicalFormatException("A hash has not 32 bytes.");

    public static AssetId Asset(this NpgsqlDataReader reader, int column) =>
        AssetId.TryParse(reader.GetString(column), out AssetId asset)
            ? asset
            : throw new CanonicalFormatException("An asset's symbol is none.");

    public static Amount Amount(this NpgsqlDataReader reader, int column) =>
        new(checked((UInt128)reader.GetFieldValue<BigInteger>(column)));

    /// <summary>A row from its canonical form.</summary>
    public static T Row<T>(this NpgsqlDataReader reader, int column, CanonicalRead<T> read) =>
        StateCodec.Decode(reader.Bytes(column), read);

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new()
        {
            TypedValue = [.. values],
            NpgsqlDbType = NpgsqlDbType.Array | type,
        };
}
