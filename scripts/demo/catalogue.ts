export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly categoryId: string;
  readonly seller: string;
  /** Price and cost in US cents; other currencies are made from them. */
  readonly cents: number;
  readonly costCents: number;
}

/** Category: seller; then product and price in US dollars. */
const shelves: readonly (readonly [string, string, readonly (readonly [string, number])[]])[] = [
  ['Kitchen', 'Hearth & Pan', [['Cast-iron pan 26 cm', 49], ['Chef\'s knife', 79.5], ['Enamel kettle', 38.9], ['Bread tin', 17.25], ['Set of six bowls', 42], ['Salad spinner', 24.99], ['Pepper mill', 31.5], ['Linen apron', 28]]],
  ['Lighting', 'North Lamp Co', [['Desk lamp', 64], ['Paper lantern', 12.49], ['String of 20 lights', 19.95], ['Candle holder', 14.5], ['Floor lamp', 139], ['Night light', 11.99]]],
  ['Garden', 'Green Yard', [['Watering can', 22.5], ['Hand trowel', 13.75], ['Seed box', 9.99], ['Terracotta pot', 16], ['Bird feeder', 27.4], ['Garden twine', 4.25], ['Rain gauge', 8.8]]],
  ['Stationery', 'Ink & Leaf', [['Dotted notebook', 15.9], ['Fountain pen', 45], ['Gift wrap roll', 6.5], ['Address book', 18], ['Pack of 12 cards', 9.6], ['Brass ruler', 7.75], ['Desk calendar', 12]]],
  ['Toys', 'Little Works', [['Wooden train', 34], ['Puzzle of 500 pieces', 21.5], ['Kite', 26.99], ['Marble run', 58], ['Building bricks', 44.95], ['Hand puppet', 16.8]]],
  ['Textiles', 'Loom House', [['Wool throw', 89], ['Cushion cover', 19.9], ['Tea towel', 8.5], ['Cotton bath towel', 23], ['Quilt', 149], ['Table runner', 27.5]]],
  ['Bags', 'Carry Goods', [['Canvas tote', 18.5], ['Weekend bag', 119], ['Lunch bag', 16.25], ['Laptop sleeve', 33], ['Jumbo bag', 12.75], ['Coin purse', 10.99]]],
];

/** What the demo shops sell. */
export const catalogue: readonly Product[] = shelves.flatMap(([category, seller, products], shelf) =>
  products.map(([name, dollars], at) => {
    const number = (shelf + 1) * 100 + at + 1;
    const cents = Math.round(dollars * 100);
    return {
      id: `p-${number}`, sku: `${category.slice(0, 3).toUpperCase()}-${number}`, name, category, categoryId: `c-${shelf + 1}`, seller,
      cents, costCents: Math.round(cents * (0.38 + (number % 7) * 0.03)),
    };
  }),
);

export const praise = [
  'Lovely quality, exactly as pictured. Would buy again.', 'Arrived early and well packed, thank you!',
  'My mother adores it.', 'Great value for the price.', 'Beautiful colour, even better than I had hoped.',
  'Works perfectly and feels solid.',
] as const;

export const complaints = [
  'Arrived broken, the box was crushed.', 'Much smaller than it looks, very disappointed.',
  'The colour faded after one wash.', 'It never worked, a waste of money.', 'Wrong item was sent to me.',
  'Poor stitching, came apart within a week.',
] as const;

export const wishes = ['Please leave it with the neighbour.', 'Gift, no invoice please.', 'Ring twice.', 'Deliver after 5 pm if possible.'] as const;
