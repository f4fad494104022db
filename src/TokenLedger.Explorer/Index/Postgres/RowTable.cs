// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Npgsql;
using TokenLedger.Core;
using TokenLedger.Core.Codec;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>One column of a row that is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Values">The values of many rows.</param>
internal sealed record Column<T>(string Name, string Type, Func<IReadOnlyList<T>, NpgsqlParameter> Values);

/// <summary>How rows of one kind are written: any number in one statement.</summary>
/// <param name="name">The table.</param>
/// <param name="key">Its key, where rows replace those with the same; empty where they are new.</param>
/// <param name="columns">Its columns.</param>
internal sealed class RowTable<T>(string name, string key, params Column<T>[] columns)
{
    /// <summary>A number's column.</summary>
    public static Column<T> Number(string name, Func<T, ulong> value) =>
        new(name, "bigint", rows => Sql.Of(rows.Select(row => Sql.Stored(value(row)))));

    public static Column<T> Bytes(string name, Func<T, byte[]> value) =>
        new(name, "bytea", rows => Sql.Of(rows.Select(value)));

    public static Column<T> Text(string name, Func<T, string> value) =>
        new(name, "text", rows => Sql.Of(rows.Select(value)));

    public static Column<T> Units(string name, Func<T, Amount> value) =>
        new(name, "numeric", rows => Sql.Of(rows.Select(row => (BigInteger)value(row).Units)));

    /// <summary>The row's canonical form.</summary>
    public static Column<T> Data(Action<CanonicalWriter, T> write) => Bytes("data", row =>
    {
        var writer = new CanonicalWriter(256);
        write(writer, row);
        return writer.ToArray();
    });

    /// <summary>Adds the statement that writes rows; none for no rows.</summary>
    public void Write(NpgsqlBatch batch, string schema, IReadOnlyList<T> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        string names = string.Join(", ", columns.Select(static column => column.Name));
        string arrays = string.Join(
            ", ", columns.Select(static (column, i) => $"${i + 1}::{column.Type}[]"));
        var command = new NpgsqlBatchCommand(
            $"INSERT INTO {schema}.{name} ({names}) SELECT * FROM unnest({arrays}){Replacing()}");
        foreach (Column<T> column in columns)
        {
            command.Parameters.Add(column.Values(rows));
        }

        batch.BatchCommands.Add(command);
    }

    private string Replacing()
    {
        if (key.Length == 0)
        {
            return "";
        }

        string[] keys = key.Split(", ");
        string[] others =
        [
            .. columns.Where(column => !keys.Contains(column.Name))
                .Select(static column => $"{column.Name} = excluded.{column.Name}"),
        ];
        return others.Length == 0
            ? $" ON CONFLICT ({key}) DO NOTHING"
            : $" ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", others)}";
    }
}
