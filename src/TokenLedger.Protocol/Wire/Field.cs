// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;

namespace TokenLedger.Protocol.Wire;

/// <summary>
/// A wire message that has no meaning in the domain. The mapper's callers turn it into a refusal.
/// </summary>
internal sealed class FieldException(RejectionCode code, string detail) : Exception(detail)
{
    public RejectionCode Code { get; } = code;
}

/// <summary>Fields between their wire form and their domain type.</summary>
internal static class Field
{
    public static ByteString Of(in Address address) => ByteString.CopyFrom(address.ToArray());

    /// <summary>The zero address is written as nothing.</summary>
    public static ByteString OfOptional(in Address address) =>
        address.IsZero ? ByteString.Empty : Of(address);

    public static ByteString Of(in Hash256 hash) => ByteString.CopyFrom(hash.ToArray());

    public static ByteString OfOptional(in Hash256 hash) => hash.IsZero ? ByteString.Empty : Of(hash);

    public static Address Address(ByteString bytes, string field) => bytes.Length == Core.Address.Size
        ? new Address(bytes.Span)
        : throw Invalid($"{field} is {bytes.Length} bytes; an address has {Core.Address.Size}.");

    public static Address OptionalAddress(ByteString bytes, string field)
    {
        Address address = bytes.IsEmpty ? default : Address(bytes, field);
        return address.IsZero && !bytes.IsEmpty
            ? throw Invalid($"{field} is the zero address; leave it empty instead.")
            : address;
    }

    public static Hash256 Hash(ByteString bytes, string field) => bytes.Length == Hash256.Size
        ? new Hash256(bytes.Span)
        : throw Invalid($"{field} is {bytes.Length} bytes; a hash has {Hash256.Size}.");

    public static Hash256 OptionalHash(ByteString bytes, string field)
    {
        Hash256 hash = bytes.IsEmpty ? default : Hash(bytes, field);
        return hash.IsZero && !bytes.IsEmpty
            ? throw Invalid($"{field} is all zeros; leave it empty instead.")
            : hash;
    }

    public static AssetId Asset(string text, string field) => AssetId.TryParse(text, out AssetId id)
        ? id
        : throw Invalid($"{field} is not an asset symbol (2 to 16 of A-Z, 0-9, '-').");

    public static Amount Amount(string text, string field) => Core.Amount.TryParse(text, out Amount amount)
        ? amount
        : throw new FieldException(
            RejectionCode.AmountInvalid,
            $"{field} is not a whole number of atomic units, without sign or leading zero, of at most 128 "
            + "bits.");

    public static byte Byte(uint value, string field) => value <= byte.MaxValue
        ? (byte)value
        : throw Invalid($"{field} is {value}, over {byte.MaxValue}.");

    /// <summary>An enumeration whose numbers are the domain's; its unspecified 0 is refused unless the domain
    /// defines 0.</summary>
    public static TDomain Enum<TDomain>(int value, string field)
        where TDomain : struct, Enum
    {
        if (value is >= 0 and <= byte.MaxValue)
        {
            var domain = (TDomain)System.Enum.ToObject(typeof(TDomain), (byte)value);
            if (System.Enum.IsDefined(domain))
            {
                return domain;
            }
        }

        throw Invalid($"{field} is {value}, which is none of its values.");
    }

    public static T Required<T>(T? message, string field)
        where T : class => message ?? throw Invalid($"{field} is missing.");

    public static FieldException Invalid(string detail) => new(RejectionCode.InvalidField, detail);
}
