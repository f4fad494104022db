// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {TLCodes} from "./TLCodes.sol";
import {TLPolicy} from "./TLPolicy.sol";

/// @title Who may hold a token.
/// @author TokenLedger
/// @notice Two lists: holders by their own standing, and venues by the code that they run. A token asks
/// before every movement, whoever starts it. It is also the rule that whoever is listed may hold: answered
/// here, it costs one call less than by a contract of its own.
contract TLEligibility is TLPolicy, AccessManaged {
    /// @notice A person's or institution's standing.
    /// @param class What it is, as the registrar numbers it; 0 for nobody.
    /// @param country ISO 3166-1 numeric.
    /// @param validUntil Seconds since 1970; afterwards it may send and not receive.
    /// @param denied True for one that may neither send nor receive.
    struct Holder {
        uint16 class;
        uint16 country;
        uint64 validUntil;
        bool denied;
    }

    /// @notice A contract that holds for others.
    /// @param codeHash What it runs; another code at the address makes it nobody.
    /// @param cap What it may hold of one token; 0 for a venue that is not listed.
    struct Venue {
        bytes32 codeHash;
        uint128 cap;
    }

    uint256 private constant CLASS = type(uint16).max;
    uint256 private constant DENIED = 1 << 96;

    /// @notice Standings.
    mapping(address account => Holder standing) public holders;

    /// @notice Contracts that hold for others.
    mapping(address account => Venue standing) public venues;

    /// @notice A holder's standing changed.
    /// @param account Whose.
    /// @param class What it is.
    /// @param country Where it is.
    /// @param validUntil How long it may receive.
    /// @param denied Whether it may do nothing.
    event HolderSet(address indexed account, uint16 class, uint16 country, uint64 validUntil, bool denied);

    /// @notice A venue's listing changed.
    /// @param account Which.
    /// @param codeHash What it must run.
    /// @param cap What it may hold of one token.
    event VenueSet(address indexed account, bytes32 codeHash, uint128 cap);

    /// @notice Nobody can be registered as nobody.
    error ZeroAccount();

    /// @notice A venue is a contract, and this is not what it runs.
    /// @param running What it runs.
    error WrongCode(bytes32 running);

    /// @notice Begins with empty lists.
    /// @param authority The access manager.
    constructor(address authority) AccessManaged(authority) {}

    /// @notice Lists, renews, or denies a holder.
    /// @param account Whose standing.
    /// @param class What it is; 0 takes it off the list.
    /// @param country ISO 3166-1 numeric.
    /// @param validUntil Seconds since 1970, included.
    /// @param denied True for one that may neither send nor receive.
    function setHolder(address account, uint16 class, uint16 country, uint64 validUntil, bool denied)
        external
        restricted
    {
        if (account == address(0)) revert ZeroAccount();
        holders[account] = Holder(class, country, validUntil, denied);
        emit HolderSet(account, class, country, validUntil, denied);
    }

    /// @notice Lists a venue, or with a cap of 0 takes it off.
    /// @param account The contract.
    /// @param codeHash What it runs now, so that no one registers what he has not read.
    /// @param cap What it may hold of one token.
    function setVenue(address account, bytes32 codeHash, uint128 cap) external restricted {
        if (account == address(0)) revert ZeroAccount();
        if (cap != 0 && (account.code.length == 0 || account.codehash != codeHash)) {
            revert WrongCode(account.codehash);
        }
        venues[account] = Venue(codeHash, cap);
        emit VenueSet(account, codeHash, cap);
    }

    /// @inheritdoc TLPolicy
    function check(address from, address to, uint256 amount) external view returns (uint8 code) {
        if (from != address(0) && _word(from) & DENIED != 0) return TLCodes.SENDER;
        uint256 word = _word(to);
        if (_isHolder(word)) return TLCodes.OK;
        uint256 cap = _venueCap(to, word);
        if (cap == 0) return TLCodes.RECEIVER;
        if (amount == 0) return TLCodes.OK;
        // What a venue holds of the token that asks.
        uint256 balance = IERC20(msg.sender).balanceOf(to);
        return amount > cap || balance > cap - amount ? TLCodes.CAP : TLCodes.OK;
    }

    /// @notice True for one that may not move anything.
    /// @param account Whose standing.
    /// @return Whether it is denied.
    function isDenied(address account) external view returns (bool) {
        return _word(account) & DENIED != 0;
    }

    /// @notice True for a listed holder whose standing is valid, and for a listed venue with its code.
    /// @param account Whose standing.
    /// @return Whether it may receive.
    function isEligible(address account) external view returns (bool) {
        return capOf(account) != 0;
    }

    /// @notice What an account may hold: nothing, a venue's cap, or any amount.
    /// @param account Whose standing.
    /// @return Units of one token; the greatest number for any amount.
    function capOf(address account) public view returns (uint256) {
        uint256 word = _word(account);
        return _isHolder(word) ? type(uint256).max : _venueCap(account, word);
    }

    function _venueCap(address account, uint256 word) private view returns (uint256) {
        Venue storage venue = venues[account];
        return word < DENIED && account.codehash == venue.codeHash ? venue.cap : 0;
    }

    function _isHolder(uint256 word) private view returns (bool) {
        // forge-lint: disable-next-line(block-timestamp)
        return word & CLASS != 0 && word < DENIED && word >> 32 >= block.timestamp;
    }

    /// @dev A holder's one word, read once: class in bits 0 to 15, country to 31, validUntil to 95, denied in
    /// 96, the last that is ever set.
    function _word(address account) private view returns (uint256 word) {
        Holder storage holder = holders[account];
        assembly ("memory-safe") {
            word := sload(holder.slot)
        }
    }
}
