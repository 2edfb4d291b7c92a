// Generated from the folders beside this file: `npm run registry -w services/ingest`. Do not edit.
import type { Demo } from './demo.ts';
import { demo as adobeCommerce } from './adobe-commerce/demo.ts';
import { demo as adyen } from './adyen/demo.ts';
import { demo as allegro } from './allegro/demo.ts';
import { demo as amazonSpApi } from './amazon-sp-api/demo.ts';
import { demo as bigcommerce } from './bigcommerce/demo.ts';
import { demo as braintree } from './braintree/demo.ts';
import { demo as canonical } from './canonical/demo.ts';
import { demo as chargebee } from './chargebee/demo.ts';
import { demo as cloudevents } from './cloudevents/demo.ts';
import { demo as clover } from './clover/demo.ts';
import { demo as commercetools } from './commercetools/demo.ts';
import { demo as doordash } from './doordash/demo.ts';
import { demo as ebay } from './ebay/demo.ts';
import { demo as ecwid } from './ecwid/demo.ts';
import { demo as etsy } from './etsy/demo.ts';
import { demo as ifood } from './ifood/demo.ts';
import { demo as klarna } from './klarna/demo.ts';
import { demo as lazada } from './lazada/demo.ts';
import { demo as lightspeedX } from './lightspeed-x/demo.ts';
import { demo as loyverse } from './loyverse/demo.ts';
import { demo as medusa } from './medusa/demo.ts';
import { demo as mercadoLibre } from './mercado-libre/demo.ts';
import { demo as mercadoPago } from './mercado-pago/demo.ts';
import { demo as mollie } from './mollie/demo.ts';
import { demo as mollieNext } from './mollie-next/demo.ts';
import { demo as netsuite } from './netsuite/demo.ts';
import { demo as paddle } from './paddle/demo.ts';
import { demo as paypal } from './paypal/demo.ts';
import { demo as prestashop } from './prestashop/demo.ts';
import { demo as razorpay } from './razorpay/demo.ts';
import { demo as recurly } from './recurly/demo.ts';
import { demo as saleor } from './saleor/demo.ts';
import { demo as salesforceB2c } from './salesforce-b2c/demo.ts';
import { demo as shopee } from './shopee/demo.ts';
import { demo as shopify } from './shopify/demo.ts';
import { demo as shopware } from './shopware/demo.ts';
import { demo as square } from './square/demo.ts';
import { demo as squarespace } from './squarespace/demo.ts';
import { demo as stripe } from './stripe/demo.ts';
import { demo as tiktokShop } from './tiktok-shop/demo.ts';
import { demo as toast } from './toast/demo.ts';
import { demo as uberEats } from './uber-eats/demo.ts';
import { demo as vendure } from './vendure/demo.ts';
import { demo as vtex } from './vtex/demo.ts';
import { demo as walmart } from './walmart/demo.ts';
import { demo as wix } from './wix/demo.ts';
import { demo as woocommerce } from './woocommerce/demo.ts';
import { demo as zalando } from './zalando/demo.ts';

/** By source; never imported by what is deployed. */
export const demos: Readonly<Record<string, Demo>> = {
  'adobe-commerce': adobeCommerce,
  'adyen': adyen,
  'allegro': allegro,
  'amazon-sp-api': amazonSpApi,
  'bigcommerce': bigcommerce,
  'braintree': braintree,
  'canonical': canonical,
  'chargebee': chargebee,
  'cloudevents': cloudevents,
  'clover': clover,
  'commercetools': commercetools,
  'doordash': doordash,
  'ebay': ebay,
  'ecwid': ecwid,
  'etsy': etsy,
  'ifood': ifood,
  'klarna': klarna,
  'lazada': lazada,
  'lightspeed-x': lightspeedX,
  'loyverse': loyverse,
  'medusa': medusa,
  'mercado-libre': mercadoLibre,
  'mercado-pago': mercadoPago,
  'mollie': mollie,
  'mollie-next': mollieNext,
  'netsuite': netsuite,
  'paddle': paddle,
  'paypal': paypal,
  'prestashop': prestashop,
  'razorpay': razorpay,
  'recurly': recurly,
  'saleor': saleor,
  'salesforce-b2c': salesforceB2c,
  'shopee': shopee,
  'shopify': shopify,
  'shopware': shopware,
  'square': square,
  'squarespace': squarespace,
  'stripe': stripe,
  'tiktok-shop': tiktokShop,
  'toast': toast,
  'uber-eats': uberEats,
  'vendure': vendure,
  'vtex': vtex,
  'walmart': walmart,
  'wix': wix,
  'woocommerce': woocommerce,
  'zalando': zalando,
};
