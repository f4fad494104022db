// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Evm.Tests.Interop;

/// <summary>A random message of random structs with arrays, nested in any way.</summary>
internal sealed class TypedCase
{
    private readonly Gen _gen;
    private readonly Dictionary<string, ImmutableArray<TypedField>> _types = [];

    public TypedCase(Gen gen)
    {
        _gen = gen;
        string primary = Struct(depth: 3);
        Data = new TypedData(Domain(), primary, _types);
        Message = Value(primary) as object[] ?? [];
    }

    public TypedData Data { get; }

    public object[] Message { get; }

    private TypedDomain Domain() => new(
        _gen.Chance(80) ? _gen.Text() : null,
        _gen.Chance(70) ? _gen.Text() : null,
        _gen.Chance(80) ? _gen.Unsigned(256) : null,
        _gen.Chance(70) ? _gen.Address() : null,
        _gen.Chance(30) ? _gen.Hash() : null);

    /// <summary>A new struct, whose fields may be of new structs or of ones that are complete.</summary>
    private string Struct(int depth)
    {
        string name = (_gen.Chance(50) ? "S" : "Zeta") + (_types.Count + (10 * depth));
        while (_types.ContainsKey(name))
        {
            name += "x";
        }

        _types[name] = [];
        _types[name] =
        [
            .. Enumerable.Range(0, _gen.Int(1, 6)).Select(i => new TypedField($"f{i}", Field(depth))),
        ];
        return name;
    }

    private string Field(int depth)
    {
        string[] complete = [.. _types.Where(type => !type.Value.IsEmpty).Select(type => type.Key)];
        string type = _gen.Int(0, 10) switch
        {
            0 or 1 when depth > 0 => Struct(depth - 1),
            2 when complete.Length > 0 => complete[_gen.Int(0, complete.Length)],
            3 => "bytes",
            4 => "string",
            _ => _gen.WordType().ToString(),
        };
        while (_gen.Chance(25))
        {
            type += _gen.Chance(50) ? "[]" : $"[{_gen.Int(1, 4)}]";
        }

        return type;
    }

    private object Value(string type)
    {
        if (type.EndsWith(']'))
        {
            int open = type.LastIndexOf('[');
            string length = type[(open + 1)..^1];
            int count = length.Length == 0
                ? _gen.Int(0, 4)
                : int.Parse(length, System.Globalization.CultureInfo.InvariantCulture);
            return Enumerable.Range(0, count).Select(_ => Value(type[..open])).ToArray();
        }

        return _types.TryGetValue(type, out ImmutableArray<TypedField> fields)
            ? fields.Select(field => Value(field.Type)).ToArray()
            : _gen.Value(AbiType.Parse(type));
    }
}
