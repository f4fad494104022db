// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>
/// A message of structs that an Ethereum key signs, and what it signs. Values are those of
/// <see cref="AbiCodec"/>; a struct is an <c>object[]</c> with its fields' values in order. Immutable.
/// </summary>
/// <remarks>Source: EIP-712, with arrays, nested in any way.</remarks>
public sealed class TypedData
{
    private readonly ImmutableSortedDictionary<string, ImmutableArray<TypedField>> _types;
    private readonly ImmutableDictionary<string, Hash256> _typeHashes;
    private readonly TypedDomain _domain;

    /// <summary>Describes messages of one kind for one domain.</summary>
    /// <param name="domain">What signatures are bound to.</param>
    /// <param name="primaryType">The message's struct.</param>
    /// <param name="types">All structs, by name.</param>
    /// <exception cref="ArgumentException">
    /// A field's type is neither the ABI's nor a struct's, or a name is none.
    /// </exception>
    public TypedData(
        TypedDomain domain, string primaryType, IReadOnlyDictionary<string, ImmutableArray<TypedField>> types)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(primaryType);
        _domain = domain;
        _types = types.ToImmutableSortedDictionary(StringComparer.Ordinal)
            .SetItem(TypedDomain.TypeName, domain.Fields);
        foreach (string name in _types.Keys)
        {
            RequireKnown(name);
        }

        PrimaryType = primaryType;
        TypeText = EncodeType(primaryType);
        _typeHashes = _types.Keys.ToImmutableDictionary(
            static name => name, name => Keccak256.Hash(Encoding.UTF8.GetBytes(EncodeType(name))));
        DomainSeparator = HashStruct(TypedDomain.TypeName, domain.Values);
    }

    /// <summary>The message's struct.</summary>
    public string PrimaryType { get; }

    /// <summary>The primary type with all structs that it needs, as its hash covers it.</summary>
    public string TypeText { get; }

    /// <summary>The domain's hash.</summary>
    public Hash256 DomainSeparator { get; }

    /// <summary>What is signed: <c>keccak256(0x1901 ‖ domain separator ‖ struct)</c>.</summary>
    /// <exception cref="ArgumentException">A value does not belong to its type.</exception>
    public Hash256 Digest(object[] message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Keccak256.Hash(
            [0x19, 0x01, .. DomainSeparator.ToArray(), .. HashStruct(PrimaryType, message).ToArray()]);
    }

    /// <summary>The hash of one struct's values.</summary>
    /// <exception cref="ArgumentException">A value does not belong to its type.</exception>
    public Hash256 HashStruct(string type, object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ImmutableArray<TypedField> fields = FieldsOf(type);
        if (fields.Length != values.Length)
        {
            throw new ArgumentException($"{type} has {fields.Length} fields, not {values.Length}.");
        }

        using var data = new MemoryStream();
        data.Write(_typeHashes[type].ToArray());
        for (int i = 0; i < fields.Length; i++)
        {
            data.Write(EncodeValue(fields[i].Type, values[i]));
        }

        return Keccak256.Hash(data.ToArray());
    }

    /// <summary>The message as wallets and <c>cast wallet sign --data</c> take it.</summary>
    public string ToJson(object[] message) => TypedDataJson.Write(_types, _domain, PrimaryType, message);

    /// <summary>The struct with its fields, then the structs that it needs, by name.</summary>
    private string EncodeType(string type)
    {
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        Collect(type);
        needed.Remove(type);
        return string.Concat(needed.Prepend(type).Select(name =>
            $"{name}({string.Join(',', FieldsOf(name).Select(static one => $"{one.Type} {one.Name}"))})"));

        void Collect(string name)
        {
            if (!needed.Add(name))
            {
                return;
            }

            foreach (string of in FieldsOf(name).Select(static field => ElementOf(field.Type)))
            {
                if (_types.ContainsKey(of))
                {
                    Collect(of);
                }
            }
        }
    }

    private void RequireKnown(string name)
    {
        ImmutableArray<TypedField> fields = _types[name];
        if (!AbiSignature.IsName(name) || IsElementary(name)
            || fields.Any(static field => !AbiSignature.IsName(field.Name))
            || fields.DistinctBy(static field => field.Name).Count() != fields.Length)
        {
            throw new ArgumentException($"{name} or one of its fields has no proper name, or another's.");
        }

        foreach (string type in fields.Select(static field => field.Type))
        {
            // With any type in place of a struct's name, the text is a type of the ABI.
            string element = ElementOf(type);
            if (!IsElementary(_types.ContainsKey(element) ? "bool" + type[element.Length..] : type))
            {
                throw new ArgumentException($"{name} has a field of the unknown type {type}.");
            }
        }
    }

    private byte[] EncodeValue(string type, object value)
    {
        if (TypedDataJson.ArrayOf(type) is { } array)
        {
            object[] elements = TypedDataJson.Several(type, value);
            if (array.Length is { } length && elements.Length != length)
            {
                throw new ArgumentException($"{type} has {length} elements, not {elements.Length}.");
            }

            return Keccak256.Hash(
                [.. elements.SelectMany(element => EncodeValue(array.Element, element))]).ToArray();
        }

        if (_types.ContainsKey(type))
        {
            return HashStruct(type, TypedDataJson.Several(type, value)).ToArray();
        }

        return value switch
        {
            string text when type == "string" => Keccak256.Hash(AbiEncoder.Utf8.GetBytes(text)).ToArray(),
            byte[] bytes when type == "bytes" => Keccak256.Hash(bytes).ToArray(),
            _ => AbiEncoder.Word(AbiType.Parse(type), value),
        };
    }

    private ImmutableArray<TypedField> FieldsOf(string type) =>
        _types.TryGetValue(type, out ImmutableArray<TypedField> fields)
            ? fields
            : throw new ArgumentException($"There is no struct {type}.");

    private static string ElementOf(string type) =>
        type.IndexOf('[', StringComparison.Ordinal) is >= 0 and var end ? type[..end] : type;

    private static bool IsElementary(string type)
    {
        try
        {
            return !type.Contains('(', StringComparison.Ordinal) && AbiType.Parse(type) is not null;
        }
        catch (EvmFormatException)
        {
            return false;
        }
    }
}
